"""carenet: who can help survivors, and who can really take this case.

>>> import carenet as cn
>>> with cn.open() as net:                       # the shipped demonstration directory, read-only
...     d = net.directory()
>>> rows = d.find(region="mindanao", service="mental-health")
>>> case = cn.Case("C-1", needs=["trauma-therapy"], area="Cagayan de Oro", age=15, sex="female")
>>> routes = d.route(case)
>>> routes.choice["trauma-therapy"].provider
'ex-nmn-014'

Every list is a :class:`Table`; ``to_pandas()`` and ``to_polars()`` make data frames of it. "Nobody found"
is a result; exceptions (:class:`CarenetError`) say why a call could not run.
"""

from carenet._apply import Applied
from carenet._call import text as _text
from carenet._batch import Interrupted, Progress
from carenet._cases import Case, Cases, Need
from carenet._directory import Directory
from carenet._errors import (
    ERRORS,
    BusyError,
    CapacityError,
    CarenetError,
    ConflictError,
    CorruptError,
    FileError,
    InternalError,
    InvalidArgumentError,
    InvalidDataError,
    NotFoundError,
    ParseError,
    RefusedError,
    StateError,
    StorageError,
    TooLargeError,
    UnsupportedError,
    VersionError,
)
from carenet._key import Key, SigningKey
from carenet._ledger import Chain, Referral, checkpoint_signer, referral_reasons
from carenet._native import lib as _lib
from carenet._network import Imported, Network, init, migrate, open, restore, template, validate
from carenet._place import Place
from carenet._plan import Plan, PlanValue, compare
from carenet._plot import Plots
from carenet._plugin import Destinations, Origin, Plugin
from carenet._policy import Policy
from carenet._programme import Programme, indicators
from carenet._routes import Choice, Choices, Routes
from carenet._seal import Site
from carenet._table import Table

__version__ = _text(_lib.carenet_version()) or ""

__all__ = [
    "ERRORS",
    "Applied",
    "BusyError",
    "CapacityError",
    "CarenetError",
    "Case",
    "Cases",
    "Chain",
    "Choice",
    "Choices",
    "ConflictError",
    "CorruptError",
    "Destinations",
    "Directory",
    "FileError",
    "Imported",
    "InternalError",
    "Interrupted",
    "InvalidArgumentError",
    "InvalidDataError",
    "Key",
    "Need",
    "Network",
    "NotFoundError",
    "Origin",
    "ParseError",
    "Place",
    "Plan",
    "PlanValue",
    "Plots",
    "Plugin",
    "Policy",
    "Programme",
    "Progress",
    "Referral",
    "RefusedError",
    "Routes",
    "SigningKey",
    "Site",
    "StateError",
    "StorageError",
    "Table",
    "TooLargeError",
    "UnsupportedError",
    "VersionError",
    "checkpoint_signer",
    "compare",
    "indicators",
    "init",
    "migrate",
    "open",
    "referral_reasons",
    "restore",
    "template",
    "validate",
]
