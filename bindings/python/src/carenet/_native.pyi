# The module that is compiled from the public headers. Everything of it stays inside this package.
from typing import Any

ffi: Any
lib: Any
