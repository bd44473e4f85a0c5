"""A mapping: one file of SQL that makes the contract's tables of those that a platform has."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import cast

import ibis
import ibis.expr.datatypes as dt
import ibis.expr.operations as ops
import ibis.expr.schema as sch
import ibis.expr.types as ir
import sqlglot.expressions as exp
from sqlglot.dialects.dialect import Dialect
from sqlglot.errors import SqlglotError
from sqlglot.tokens import Token, TokenType

from tidings.errors import SourceError
from tidings.sources.contract import TABLES, WATERMARK
from tidings.sources.location import Location
from tidings.sources.quoting import names_in_words, shown
from tidings.tenants.tenant import Tenant

_LARGEST = 256 * 1024
_KNOWN = (*TABLES, WATERMARK.name)
_CHANGES = (
    exp.Insert, exp.Update, exp.Delete, exp.Merge, exp.Create, exp.Drop, exp.Alter, exp.Command, exp.Into,
    exp.Lock, exp.Copy, exp.Set,
)  # fmt: skip
_DIALECTS = {"pyspark": "spark", "mssql": "tsql"}  # of Ibis, by other names of sqlglot
_FORM = "CREATE VIEW <table> AS SELECT …;"


@dataclass(frozen=True)
class View:
    """One table of the contract, as a mapping makes it.

    Attributes
    ----------
    name : str
        The table.
    sql : str
        The query that gives its rows, in the source's dialect, with the parameters' values in it.
    reads : tuple of str
        The names of the source's tables that it reads.
    where : str
        The mapping and the line where it begins, for messages.
    """

    name: str
    sql: str
    reads: tuple[str, ...]
    where: str


def load_mapping(tenant: Tenant, root: Path, engine: str) -> dict[str, View]:
    """The views of a tenant's mapping, by name.

    Each is used as a query of its own: it sees the source's tables, and none of the other views.

    Parameters
    ----------
    tenant : Tenant
        Its ``mapping`` is a path relative to ``root``; ``source_parameters`` has a value for each ``:name``.
    root : Path
        The project's folder.
    engine : str
        Ibis's name of the engine, in whose SQL it is written.

    Raises
    ------
    SourceError
        There is no such file, or it holds anything but views of the contract's tables, each once, that read
        and change nothing; with the line.
    """
    dialect = _DIALECTS.get(engine, engine)
    path = root / (tenant.mapping or "")
    text = _text(path, f"mapping {tenant.mapping}")
    views: dict[str, View] = {}
    for tokens in _statements(text, dialect, f"mapping {tenant.mapping}"):
        where = f"mapping {tenant.mapping}, line {tokens[0].line}"
        try:
            view = _view(tokens, text, tenant, dialect, where)
        except RecursionError:
            raise SourceError(
                "is nested too deeply to be read", where=where, remedy="write it with fewer brackets"
            ) from None
        if view.name in views:
            raise SourceError(
                f"there is a view {view.name} already", where=where, remedy="keep one view for each table"
            )
        views[view.name] = view
    if not views:
        raise SourceError("has no view", where=f"mapping {tenant.mapping}", remedy=f"write {_FORM}")
    return views


def relations_of(
    views: dict[str, View], connection: ibis.BaseBackend, location: Location
) -> dict[str, ir.Table]:
    """The views as tables of a connection, with nothing made in it.

    Raises
    ------
    SourceError
        The engine refuses one: with its line, and what the engine says.
    """
    return {name: _relation(view, connection, location) for name, view in views.items()}


def _text(path: Path, where: str) -> str:
    try:
        if path.stat().st_size > _LARGEST:
            raise SourceError("is too large", where=where, remedy=f"keep it within {_LARGEST // 1024} KiB")
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise SourceError("is not UTF-8 text", where=where, remedy="save it as UTF-8") from None
    except OSError as error:
        raise SourceError(
            f"cannot be read ({error.strerror})",
            where=where,
            remedy="mend the mapping in the parameters: a path from the project's folder",
        ) from None


def _statements(text: str, dialect: str, where: str) -> Iterator[list[Token]]:
    try:
        tokens = Dialect.get_or_raise(dialect).tokenize(text)
    except SqlglotError as error:
        raise SourceError(
            f"is not SQL: {shown(error, width=200)}", where=where, remedy="see that each quote is closed"
        ) from None
    for ends, statement in groupby(tokens, lambda token: token.token_type is TokenType.SEMICOLON):
        if not ends:
            yield list(statement)


def _view(tokens: list[Token], text: str, tenant: Tenant, dialect: str, where: str) -> View:
    try:
        [statement] = Dialect.get_or_raise(dialect).parser().parse(tokens, text)
    except SqlglotError as error:
        found = getattr(error, "errors", None) or [{}]
        line = found[0].get("line", tokens[0].line)
        raise SourceError(
            f"is not SQL as {dialect} has it: {shown(found[0].get('description', error), width=200)}",
            where=f"mapping {tenant.mapping}, line {line}",
            remedy=f"write each table as {_FORM}",
        ) from None
    is_view = isinstance(statement, exp.Create) and statement.kind == "VIEW"
    query = statement.expression if is_view and statement else None
    if not isinstance(query, exp.Query) or not statement or not isinstance(statement.this, exp.Table):
        raise SourceError("is no view", where=where, remedy=f"write nothing but {_FORM}")
    if change := query.find(*_CHANGES):
        raise SourceError(
            f"a view may only read, and this one has {type(change).__name__.upper()} in it",
            where=where,
            remedy="write a SELECT of the source's tables",
        )
    name = statement.this.name.lower()
    if name not in _KNOWN:
        raise SourceError(
            f"view {shown(name)} is none of the contract's tables",
            where=where,
            remedy=f"name it one of {', '.join(_KNOWN)}",
        )
    bound = _bind(query, tenant, where)
    return View(name, bound.sql(dialect), tuple(sorted(_names_of_tables(bound))), where)


def _names_of_tables(query: exp.Expression) -> set[str]:
    """The tables that a query reads: not what it has named itself by WITH, in whatever case.

    Each name of a WITH is seen by those after it, and by itself and those before only where it is recursive.
    """
    of_query: set[int] = set()
    for named in query.find_all(exp.CTE):
        clause = cast(exp.With, named.parent)
        blind = () if clause.recursive else clause.expressions[: cast(int, named.index) + 1]
        unseen = {id(table) for each in blind for table in each.find_all(exp.Table)}
        alike = (
            table
            for table in cast(exp.Expression, clause.parent).find_all(exp.Table)
            if not table.db and table.name.lower() == named.alias.lower()
        )
        of_query |= {id(table) for table in alike} - unseen
    return {table.name for table in query.find_all(exp.Table) if table.name and id(table) not in of_query}


def _bind(query: exp.Query, tenant: Tenant, where: str) -> exp.Expression:
    """The query with each ``:name`` as a literal text, which engines compare with numbers too."""
    values = dict(tenant.source_parameters)

    def value_of(node: exp.Expression) -> exp.Expression:
        if not isinstance(node, exp.Placeholder | exp.Parameter):
            return node
        name = node.name
        if not isinstance(node, exp.Placeholder) or name not in values:
            given = f"; there are {names_in_words(values)}" if values else ""
            raise SourceError(
                f"the placeholder :{shown(name)} has no value{given}",
                where=where,
                remedy=f"give it in the tenant's file: source_parameters: {{{shown(name) or 'name'}: …}}",
            )
        return exp.Literal.string(values[name])

    return query.transform(value_of)


def _relation(view: View, connection: ibis.BaseBackend, location: Location) -> ir.Table:
    try:
        schema = _schema(view.sql, connection)
    except Exception as error:  # each engine has a family of errors of its own
        raise SourceError(
            f"the source refuses view {view.name}: {location.quote(error)}",
            where=view.where,
            remedy=location.remedy(error)
            or "mend the view; it may read what the source's user may see, in the source's own SQL",
        ) from None
    return ops.SQLQueryResult(view.sql, schema, connection).to_expr()


def _schema(sql: str, connection: ibis.BaseBackend) -> sch.Schema:
    """The columns of a query, whose rows nobody reads for it."""
    of = connection.compiler.type_mapper.from_string
    if connection.name == "duckdb":  # of version 2, which Ibis 12 does not know yet
        columns = connection.con.execute(f"DESCRIBE {sql}").fetchall()
        return sch.Schema({name: of(kind) for name, kind, *_ in columns})
    if connection.name == "mysql":
        return _with_texts(connection._get_schema_using_query(sql), sql, connection)
    if connection.name != "postgres":
        return connection._get_schema_using_query(sql)
    # Ibis would make a view, for which a user who only reads has no right.
    with connection.con.transaction(), connection.con.cursor() as cursor:
        columns = cursor.execute(f"SELECT * FROM ({sql}) AS mapped LIMIT 0").description
        kinds = dict(
            cursor.execute(
                "SELECT oid, format_type(oid, NULL) FROM pg_type WHERE oid = ANY(%s)",
                [[column.type_code for column in columns]],
            ).fetchall()
        )
    return sch.Schema({column.name: of(kinds[column.type_code]) for column in columns})


def _with_texts(schema: sch.Schema, sql: str, connection: ibis.BaseBackend) -> sch.Schema:
    """The columns of a query of MySQL, whose text in a binary collation has the type of bytes at first."""
    unsure = [name for name, kind in schema.items() if kind.is_binary()]
    if not unsure:
        return schema
    quoted = [exp.to_identifier(name, quoted=True).sql("mysql") for name in unsure]
    asked = ", ".join(f"CHARSET((SELECT {name} FROM ({sql}) AS mapped LIMIT 0))" for name in quoted)
    with connection.raw_sql(f"SELECT {asked}") as cursor:
        sets = dict(zip(unsure, cursor.fetchone(), strict=True))
    texts = {name: dt.string for name in unsure if sets[name] != "binary"}
    return sch.Schema({name: texts.get(name, kind) for name, kind in schema.items()})
