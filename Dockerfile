# The command tidings, with the packages of the lock. It makes and mails what is due unless it is told otherwise.
FROM python:3.12-slim AS made

# Extras of pyproject.toml: a line of the lock that begins with the name of one is taken too.
ARG EXTRAS="postgres s3 dkim"
WORKDIR /made
COPY requirements.lock pyproject.toml README.md LICENSE ./
RUN for extra in build ${EXTRAS}; do sed -i "s/^#${extra} //" requirements.lock; done \
    && python -m venv /opt/tidings \
    && /opt/tidings/bin/pip install --no-cache-dir --no-deps --require-hashes --requirement requirements.lock
COPY lib lib
RUN /opt/tidings/bin/pip install --no-cache-dir --no-deps --no-build-isolation . \
    && /opt/tidings/bin/python -c "from tidings.reports import readable; readable.compile_templates()" \
    && /opt/tidings/bin/python -c "import tidings.kernels.rehearsed"

FROM python:3.12-slim

COPY --from=made /opt/tidings /opt/tidings
ENV PATH="/opt/tidings/bin:${PATH}" TIDINGS_HOME=/project PYTHONUNBUFFERED=1 HOME=/tmp
RUN useradd --uid 1000 --no-create-home tidings
USER 1000
WORKDIR /project
ENTRYPOINT ["tidings"]
CMD ["due"]
