"""Counts the work that code does, so that a test can tell linear from quadratic without a clock.

Three counters, for three ways to be slow:

- ``steps``: lines and calls of Python that run, in whatever module: loops within loops.
- ``bytes``: what is allocated, also what is let go of at once: slices of what is left, arrays made
  anew for each item.
- ``handed``: characters, items and numbers that functions written in C are given to look through
  and that need not allocate anything: searches from the start, ``in`` of a list, sums of an array.

The third needs the calls of the code to be seen, which its syntax tree is changed for; ``watched``
runs a piece of source so, ``watch_package`` all modules of a package that are imported later.
"""

from __future__ import annotations

import ast
import importlib.abc
import importlib.machinery
import re
import sys
import tracemalloc
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import spec_from_file_location
from types import CodeType, FrameType, ModuleType
from typing import Any, NamedTuple

METER = "__work_meter__"

FOUND_AT = frozenset({"find", "index", "rfind", "rindex"})
"""Methods of texts and lists that look until they find."""

LOOK_THROUGH = frozenset({"count", "replace", "translate", "remove", "insert", "reverse", "sort"})
"""Methods of texts and lists that look at all there is, and may allocate nothing."""

BUILTINS = frozenset({"sum", "min", "max", "any", "all", "sorted", "list", "tuple", "set", "dict"})

GLANCES = frozenset({"item", "view", "reshape", "take", "shape", "ravel", "searchsorted", "tolist"})
"""Methods of arrays that do not look at all of it, or allocate what they do."""


class Work(NamedTuple):
    """What was counted."""

    steps: int
    bytes: int
    handed: int


@dataclass
class Meter:
    """Counts while it is on; the code that it watches calls it for each call it makes."""

    steps: int = 0
    bytes: int = 0
    handed: int = 0
    held: int = 0
    """Bytes that were allocated at the step before."""

    def work_of(self, function: Callable[[], Any]) -> Work:
        """Return the work of a function."""
        self.steps = self.bytes = self.handed = 0
        tracemalloc.start(1)
        try:
            self.held, _ = tracemalloc.get_traced_memory()
            tracemalloc.reset_peak()
            sys.settrace(self._step)
            try:
                function()
            finally:
                sys.settrace(None)
            self._note_bytes()
        finally:
            tracemalloc.stop()
        return Work(self.steps, self.bytes, self.handed)

    def _step(self, frame: FrameType, event: str, arg: Any) -> Any:
        if frame.f_code.co_filename == __file__:
            return None
        self.steps += 1
        self._note_bytes()
        return self._step

    def _note_bytes(self) -> None:
        held, peak = tracemalloc.get_traced_memory()
        self.bytes += max(peak - self.held, 0)
        self.held = held
        tracemalloc.reset_peak()

    def call(self, function: Callable[..., Any], /, *args: Any, **named: Any) -> Any:
        """Call a function and count what it had to look through."""
        result = function(*args, **named)
        self.handed += _looked_through(function, args, result)
        return result

    def contains(self, item: Any, container: Any) -> bool:
        """Tell whether an item is in a container, and count what was looked through for it."""
        found = item in container
        if isinstance(container, str | bytes | list | tuple | deque):
            self.handed += container.index(item) if found else len(container)
        return found


def _looked_through(function: Any, args: tuple[Any, ...], result: Any) -> int:
    owner, name = getattr(function, "__self__", None), getattr(function, "__name__", "")
    if isinstance(owner, re.Pattern):
        return _matched(name, args, result)
    if isinstance(owner, str | bytes | list | deque):
        if name in FOUND_AT:
            start = args[1] if len(args) > 1 else 0
            return result - start if result >= start else len(owner) - start
        if name == "pop" and args:
            return len(owner) - (args[0] if args[0] >= 0 else len(owner) + args[0])
        return len(owner) if name in LOOK_THROUGH else 0
    if name in BUILTINS and args:
        return len(args[0]) if hasattr(args[0], "__len__") else 0
    if name in GLANCES:
        return 0
    arrays = (each for each in (owner, *args) if type(each).__name__ == "ndarray")
    return sum(each.size for each in arrays)


def _matched(name: str, args: tuple[Any, ...], result: Any) -> int:
    """Return how many characters a pattern went through, as far as its result tells."""
    if name in ("sub", "subn", "split"):
        return len(args[0] if name == "split" else args[1])
    start, *ends = (*args[1:], 0) if len(args) == 1 else args[1:]
    if isinstance(result, re.Match):
        return result.end() - start
    if name in ("match", "fullmatch"):
        return 0
    return max(min([len(args[0]), *ends]) - start, 0)


class _Watch(ast.NodeTransformer):
    """Lets a meter make each call and each test of membership. Annotations stay as they are."""

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        if isinstance(node.func, ast.Name) and node.func.id in ("super", "locals", "vars"):
            return node
        return ast.copy_location(_meter("call", [node.func, *node.args], node.keywords), node)

    def visit_Compare(self, node: ast.Compare) -> ast.AST:
        self.generic_visit(node)
        if len(node.ops) != 1 or not isinstance(node.ops[0], ast.In | ast.NotIn):
            return node
        asked: ast.expr = _meter("contains", [node.left, node.comparators[0]], [])
        if isinstance(node.ops[0], ast.NotIn):
            asked = ast.UnaryOp(ast.Not(), asked)
        return ast.copy_location(asked, node)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST:
        if node.value is not None:
            node.value = self.visit(node.value)
        return node

    def visit_arg(self, node: ast.arg) -> ast.AST:
        return node


def _meter(method: str, args: Sequence[ast.expr], keywords: list[ast.keyword]) -> ast.Call:
    name = ast.Attribute(ast.Name(METER, ast.Load()), method, ast.Load())
    return ast.Call(name, list(args), keywords)


def watched_code(source: str | bytes, path: str) -> CodeType:
    """Compile source so that a meter, named ``METER`` in its globals, makes its calls."""
    tree = ast.fix_missing_locations(_Watch().visit(ast.parse(source, path)))
    return compile(tree, path, "exec", dont_inherit=True)


def watched(source: str, meter: Meter) -> Mapping[str, Any]:
    """Run a piece of source under a meter and return its names."""
    names: dict[str, Any] = {METER: meter, "__name__": "watched"}
    exec(watched_code(source, "<watched>"), names)
    return names


class _Loader(importlib.machinery.SourceFileLoader):
    def __init__(self, name: str, path: str, meter: Meter) -> None:
        super().__init__(name, path)
        self._meter = meter

    def get_code(self, fullname: str) -> CodeType:
        path = self.get_filename(fullname)
        return watched_code(self.get_data(path), path)

    def exec_module(self, module: ModuleType) -> None:
        setattr(module, METER, self._meter)
        super().exec_module(module)


class _Finder(importlib.abc.MetaPathFinder):
    def __init__(self, package: str, meter: Meter) -> None:
        self._package, self._meter = package, meter

    def find_spec(self, name: str, path: Any, target: Any = None) -> Any:
        if name.partition(".")[0] != self._package:
            return None
        found = importlib.machinery.PathFinder.find_spec(name, path, target)
        if found is None or found.origin is None:
            return found
        return spec_from_file_location(
            name,
            found.origin,
            loader=_Loader(name, found.origin, self._meter),
            submodule_search_locations=found.submodule_search_locations,
        )


@contextmanager
def watch_package(package: str, meter: Meter) -> Iterator[None]:
    """Watch the modules of a package that are imported from now on."""
    finder = _Finder(package, meter)
    sys.meta_path.insert(0, finder)
    try:
        yield
    finally:
        sys.meta_path.remove(finder)


MOST = 2.6
"""What the increments of linear work may grow by where the size doubles; quadratic work has 4."""

NOISE = 0.2
"""Share of the work at the middle size that an increment is taken for at least."""


def growth(works: Sequence[Work]) -> dict[str, float]:
    """Return how each counter grows over the sizes n, 2n and 4n: about 2 is linear, 4 quadratic.

    It is the ratio of the increments, so that what every page costs does not count.
    """
    return {
        name: (large - middle) / max(middle - small, NOISE * middle, 1)
        for name, small, middle, large in zip(Work._fields, *works, strict=True)
    }
