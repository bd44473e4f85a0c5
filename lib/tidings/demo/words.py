"""The words of the demo company, and how often each is used.

A choice among words is drawn from an urn: an array of ``URN_SIZE`` codes in which each word appears in
proportion to its weight. One random number and one lookup draw a word, however uneven the weights are.
A code is a word's position in its tuple; -1 stands for a missing value.
"""

import numpy as np

URN_SIZE = 4096

SENDERS = ("user", "bot", "agent")
DIRECTIONS = ("incoming", "outgoing", "outgoing")
USER, BOT, AGENT = range(3)

CHANNELS = ("whatsapp", "web", "instagram", "voice")

ENTRY_POINTS = ("WhatsApp link", "Web widget", "Campaign: Black Friday", "Instagram", "QR code in store")
CAMPAIGN = ENTRY_POINTS.index("Campaign: Black Friday")

START_FLOWS = ("Welcome menu", "Billing flow", "Promo flow", "Outage notice")

LANGUAGES = ("es", "en", "pt-BR", "fr", "de", "ar", "zh", "it", "ja", "ru")
ENGLISH = LANGUAGES.index("en")

QUEUES = ("Support", "Billing", "Sales", "Retention")

CLOSING_REASONS = ("Resolved", "Information given", "Customer left", "Escalated", "Duplicate", "No response")
CUSTOMER_LEFT = CLOSING_REASONS.index("Customer left")
ESCALATED = CLOSING_REASONS.index("Escalated")

ROLES = ("support", "admin", "tech")

INTENTS = (
    "Check balance",
    "Pay invoice",
    "Report outage",
    "Slow internet",
    "Where is my order",
    "Talk to a person",
    "Roaming rates",
    "Download invoice",
    "Top up credit",
    "Change plan",
    "Greeting",
    "reset password",
    "SIM not working",
    "Store hours",
    "Coverage map",
    "Black Friday offers",
    "Buy a phone",
    "Cancel service",
    "Dispute a charge",
    "Data usage",
    "Schedule technician",
    "Port my number",
    "Activate eSIM",
    "Lost or stolen phone",
    "Router setup",
    "Payment methods",
    "Payment extension",
    "Upgrade device",
    "TV channels",
    "Change address",
    "Wi-Fi password",
    "International calls",
    "Warranty",
    "Return a product",
    "Family plan",
    "Voicemail setup",
    "Block spam calls",
    "Update personal data",
    "Loyalty points",
    "Thanks",
    "fallback",
)

FIRST_NAMES = (
    "Ana", "Luis", "Bea", "Iván", "Camila", "Jorge", "Valentina", "Andrés", "Sofía", "Mateo", "Lucía",
    "Diego", "Paula", "Juan", "Laura", "Felipe", "Natalia", "Óscar", "Daniela", "Sergio", "Marta", "Tomás",
    "Inés", "Hugo", "Elena", "Nicolás", "Sara", "Pablo", "Julia", "Raúl",
)  # fmt: skip
LAST_NAMES = (
    "Ruiz", "Mora", "Soto", "Paz", "Ortiz", "Peña", "Díaz", "Rojas", "Vargas", "León", "Ríos", "Gil",
    "Cano", "Vega", "Luna", "Rey", "Marín", "Núñez", "Prado", "Silva", "Rincón", "Duarte", "Acosta",
    "Bravo", "Castro", "Franco", "Gómez", "Herrera", "Ibáñez", "Jaramillo", "Lozano", "Méndez", "Ospina",
)  # fmt: skip


def _urn(weights: np.ndarray) -> np.ndarray:
    """Codes in proportion to their weights; the last weight is that of the missing value."""
    bounds = np.round(np.cumsum(weights) / np.sum(weights) * URN_SIZE).astype(int)
    codes = np.append(np.arange(len(weights) - 1), -1).astype(np.int8)
    return np.repeat(codes, np.diff(bounds, prepend=0))


def _urns(*rows: tuple[float, ...]) -> np.ndarray:
    return np.stack([_urn(np.array(row, dtype=float)) for row in rows])


def _intent_weights(favourites: dict[str, float]) -> np.ndarray:
    """Zipf's law over the intents, some favourites added to; with 7 % fallback and 10 % without an intent."""
    weights = 1 / (np.arange(len(INTENTS) + 1) + 2.5)
    for intent, more in favourites.items():
        weights[INTENTS.index(intent)] += more
    weights[-2:] = np.array([0.07, 0.10]) / 0.83 * weights[:-2].sum()
    return weights


# A row for each word of the kind before; the last row, which the code -1 reaches, for a missing one.
CHANNEL_OF_ENTRY = _urns(
    (97, 0, 0, 3, 0),
    (0, 100, 0, 0, 0),
    (92, 0, 8, 0, 0),
    (0, 0, 100, 0, 0),
    (88, 12, 0, 0, 0),
    (30, 10, 0, 55, 5),
)
FLOW_OF_ENTRY = _urns(
    (58, 26, 3, 10, 3),
    (47, 30, 4, 15, 4),
    (4, 0, 94, 0, 2),
    (66, 8, 18, 3, 5),
    (55, 12, 28, 0, 5),
    (50, 15, 2, 13, 20),
)
QUEUE_OF_FLOW = _urns(
    (52, 22, 12, 12, 2),
    (10, 76, 2, 11, 1),
    (8, 6, 80, 5, 1),
    (90, 3, 0, 6, 1),
    (55, 20, 12, 8, 5),
)
FIRST_INTENT_OF_FLOW = np.stack(
    [
        _urn(_intent_weights(favourites))
        for favourites in (
            {"Greeting": 0.8, "Check balance": 0.25},
            {"Pay invoice": 2.4, "Check balance": 1.3, "Download invoice": 1.0, "Dispute a charge": 0.4},
            {"Black Friday offers": 5.0, "Buy a phone": 1.4, "Change plan": 0.7},
            {"Report outage": 5.0, "Slow internet": 2.0, "Schedule technician": 0.5},
            {},
        )
    ]
)
LATER_INTENT = FIRST_INTENT_OF_FLOW[-1]
HANDOVER_INTENT = _urn(_intent_weights({"Talk to a person": 4.0, "Dispute a charge": 0.3}))

ENTRY_POINT = _urn(np.array([46, 27, 0, 11, 9, 7], dtype=float))
LANGUAGE = _urn(np.array([71, 17, 7, 0.8, 0.6, 0.4, 0.4, 0.3, 0.2, 0.15, 2.15]))
CLOSING_REASON = _urn(np.array([56, 22, 7, 5, 3, 5, 2], dtype=float))
MISSED_REASON = _urn(np.array([0, 0, 70, 0, 0, 0, 30], dtype=float))


def draw(urn: np.ndarray, rng: np.random.Generator, size: int) -> np.ndarray:
    """Codes of words drawn at random from one urn."""
    return urn[rng.integers(URN_SIZE, size=size, dtype=np.uint16)]


def draw_given(urns: np.ndarray, given: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """A code for each of the words given, drawn from that word's own urn."""
    return urns[given, rng.integers(URN_SIZE, size=len(given), dtype=np.uint16)]
