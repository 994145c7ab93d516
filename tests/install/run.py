"""Installs carenet into a prefix and uses it from outside: pkg-config, find_package, the command.

The examples (examples/*.c) run without arguments in the folder examples/, and must succeed; where
examples/NAME.out exists, it is what NAME prints."""

import argparse
import os
import pathlib
import shlex
import shutil
import subprocess
import sys


class Failed(Exception):
    pass


class Run:
    def __init__(self):
        self.passed = 0
        self.failures = []

    def case(self, name, function):
        try:
            function()
            self.passed += 1
            print(f"passed: {name}")
        except Failed as failure:
            self.failures.append(name)
            print(f"failed: {name}: {failure}")

    def finish(self):
        print(f"{self.passed} passed, {len(self.failures)} failed")
        return 1 if self.failures else 0


def call(*command, **more):
    """The standard output of a command that must succeed."""
    command = [str(word) for word in command]
    run = subprocess.run(command, capture_output=True, text=True, check=False, **more)
    if run.returncode != 0:
        raise Failed(f"{shlex.join(command)}: exit {run.returncode}\n{run.stdout}{run.stderr}")
    return run.stdout


def expect(condition, message):
    if not condition:
        raise Failed(message)


class Tree:
    """The installed tree and what is needed to use it."""

    def __init__(self, options):
        self.options = options
        self.source = options.source
        self.work = options.work
        self.prefix = options.work / "prefix"
        self.programs = options.work / "programs"
        self.version = (self.source / "VERSION").read_text().strip()
        self.examples = sorted((self.source / "examples").glob("*.c"))
        self.libdir = None

    def install(self):
        shutil.rmtree(self.prefix, ignore_errors=True)
        shutil.rmtree(self.programs, ignore_errors=True)
        self.programs.mkdir(parents=True)
        build = self.work / "build"
        call(self.options.cmake, "-S", self.source, "-B", build, "-G", self.options.generator,
             f"-DCMAKE_INSTALL_PREFIX={self.prefix}", f"-DCMAKE_C_COMPILER={self.options.cc}",
             "-DCMAKE_BUILD_TYPE=Debug", "-DCARENET_BUILD_TESTS=OFF")
        call(self.options.cmake, "--build", build)
        call(self.options.cmake, "--install", build)
        found = list(self.prefix.glob("lib*/**/carenet.pc"))
        expect(len(found) == 1, f"carenet.pc: found {found}")
        self.libdir = found[0].parents[1]

    def environment(self):
        return {**os.environ, "PKG_CONFIG_PATH": str(self.libdir / "pkgconfig"),
                "LD_LIBRARY_PATH": str(self.libdir)}

    def pkg_config(self, *words):
        return shlex.split(call(self.options.pkg_config, *words, "carenet", env=self.environment()))

    def complete(self):
        """Everything is there, and nothing of the inside."""
        headers = {path.name for path in (self.source / "include/carenet").glob("*.h")}
        installed = {path.relative_to(self.prefix / "include").as_posix()
                     for path in (self.prefix / "include").rglob("*") if path.is_file()}
        expect(installed == {f"carenet/{name}" for name in headers}, f"headers are {installed}")
        for name in ("libcarenet.so", "libcarenet.so.0", f"libcarenet.so.{self.version}",
                     "libcarenet.a", "cmake/carenet/carenetConfig.cmake",
                     "cmake/carenet/carenetConfigVersion.cmake"):
            expect((self.libdir / name).exists(), f"no {name}")
        data = self.prefix / "share/carenet"
        for path in (self.source / "data").rglob("*"):
            expect((data / path.relative_to(self.source / "data")).exists(), f"no {path.name}")

    def described(self):
        """pkg-config: public needs are nothing but the library itself."""
        modversion = self.pkg_config("--modversion")
        expect(modversion == [self.version], f"version {modversion}")
        libs = self.pkg_config("--libs")
        expect(libs == [f"-L{self.libdir}", "-lcarenet"], f"--libs is {libs}")
        cflags = self.pkg_config("--cflags")
        expect(f"-I{self.prefix}/include" in cflags,
               f"--cflags is {cflags}")
        static = self.pkg_config("--static", "--libs")
        expect("-lglib-2.0" in static and "-lm" in static, f"--static --libs is {static}")

    def elsewhere(self):
        """A prefix that is named only when it is installed: carenet.pc names it."""
        other = self.work / "other"
        shutil.rmtree(other, ignore_errors=True)
        call(self.options.cmake, "--install", self.work / "build", "--prefix", other)
        found = list(other.glob("lib*/**/carenet.pc"))
        expect(len(found) == 1, f"carenet.pc: found {found}")
        words = call(self.options.pkg_config, "--cflags", "--libs", "carenet",
                     env={**os.environ, "PKG_CONFIG_PATH": str(found[0].parent)})
        data = call(self.options.pkg_config, "--variable=datadir", "carenet",
                    env={**os.environ, "PKG_CONFIG_PATH": str(found[0].parent)}).strip()
        expect(str(self.prefix) not in words + data, f"still of the other prefix: {words}")
        expect((pathlib.Path(data) / "services.yaml").exists(), f"no data in {data}")
        self.finds_its_data(other, found[0].parents[1])
        # The tree that the other checks use is described by its own file again.
        call(self.options.cmake, "--install", self.work / "build")

    def finds_its_data(self, other, libdir):
        """A program that names no folder of data, while the one that the library was made for is not there: it is found
        from the library, in lib and in a folder below it, and from a program with the archive."""
        deeper = libdir / "deeper"
        shutil.copytree(libdir, deeper, ignore=lambda folder, names: [n for n in names if ".so" not in n], symlinks=True)
        hidden = self.prefix / "share/hidden"
        (self.prefix / "share/carenet").rename(hidden)
        program = self.source / "examples/find.c"
        try:
            for name, words, where in (("shared", [f"-L{libdir}", "-lcarenet"], libdir),
                                       ("deeper", [f"-L{libdir}", "-lcarenet"], deeper),
                                       ("archive", None, libdir)):
                target = other / "bin" / f"find-{name}"
                if words is None:
                    words = [str(libdir / "libcarenet.a") if word == "-lcarenet" else word
                             for word in self.pkg_config("--static", "--libs")]
                call(self.options.cc, "-std=c99", f"-I{other}/include", program, "-o", target, *words)
                output = call(target, env={**os.environ, "LD_LIBRARY_PATH": str(where)})
                expect("ex-nmn-003" in output, f"{name}: printed\n{output}")
            (other / "share").rename(other / "hidden")
            lost = subprocess.run([other / "bin/find-shared"], env={**os.environ, "LD_LIBRARY_PATH": str(libdir)},
                                  capture_output=True, text=True, check=False)
            expect(lost.returncode == 1 and "pkg-config --variable=datadir carenet" in lost.stderr,
                   f"without data: {lost.stderr}")
        finally:
            hidden.rename(self.prefix / "share/carenet")

    def by_pkg_config(self, program):
        target = self.programs / f"{program.stem}-pkg-config"
        call(self.options.cc, "-std=c99", "-Wall", "-Wextra", "-Wpedantic", "-Werror",
             f"-I{self.prefix}/include", program, "-o", target, *self.pkg_config("--libs"))
        return target

    def by_static_pkg_config(self, program):
        target = self.programs / f"{program.stem}-archive"
        words = self.pkg_config("--static", "--libs")
        words = [str(self.libdir / "libcarenet.a") if word == "-lcarenet" else word
                 for word in words]
        call(self.options.cc, "-std=c99", f"-I{self.prefix}/include", program, "-o", target, *words)
        return target

    def by_cmake(self, programs):
        build = self.work / "consumer"
        shutil.rmtree(build, ignore_errors=True)
        call(self.options.cmake, "-S", self.source / "tests/install/consumer", "-B", build, "-G",
             self.options.generator, f"-DCMAKE_C_COMPILER={self.options.cc}",
             f"-DCMAKE_PREFIX_PATH={self.prefix}",
             f"-DPROGRAMS={';'.join(str(path) for path in programs)}")
        call(self.options.cmake, "--build", build)

    def runs(self, target, program):
        """The program succeeds and prints what it should."""
        examples = self.source / "examples"
        output = call(target, env=self.environment(),
                      cwd=examples if examples.is_dir() else self.source)
        wanted = program.with_suffix(".out")
        if program.stem == "probe":
            expect(output.strip() == self.version, f"printed {output!r}")
        elif wanted.exists():
            expect(output == wanted.read_text(encoding="utf-8"), f"printed\n{output}")

    def guide(self):
        """The guide for C developers, as somebody follows it who has installed carenet. Its programs are compiled to
        look after their memory: what they forget to give back makes them fail."""
        tools = self.work / "tools"
        tools.mkdir(exist_ok=True)
        compiler = tools / "cc"
        compiler.write_text(f'#!/bin/sh\nexec {shlex.quote(shutil.which(self.options.cc))} -fsanitize=address "$@"\n', encoding="utf-8")
        compiler.chmod(0o755)
        environment = {**self.environment(), "CMAKE_PREFIX_PATH": str(self.prefix),
                       "PATH": f"{tools}:{os.environ['PATH']}"}
        call(sys.executable, "-B", self.source / "tests/guide/guide.py", "--path",
             self.prefix / "bin", self.source / "docs/guide/developers.md", env=environment)

    def command_runs(self):
        """The installed command finds the installed library and data without being told."""
        command = self.prefix / "bin/carenet"
        if not command.exists():
            expect(not (self.source / "cli/main.c").exists(), "no bin/carenet")
            return
        plain = {"PATH": os.environ["PATH"], "HOME": str(self.work), "LC_ALL": "C.UTF-8"}
        version = call(command, "version", env=plain)
        expect(self.version in version, f"version printed {version!r}")
        call(command, "find", "--region", "mindanao", "--service", "mental-health", env=plain)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("source", "work"):
        parser.add_argument(f"--{name}", type=pathlib.Path, required=True)
    for name in ("cmake", "generator", "cc", "pkg-config"):
        parser.add_argument(f"--{name}", required=True)
    tree = Tree(parser.parse_args())
    run = Run()

    run.case("install", tree.install)
    if run.failures:
        return run.finish()
    run.case("complete", tree.complete)
    run.case("another prefix", tree.elsewhere)
    run.case("carenet.pc", tree.described)

    programs = [tree.source / "tests/install/probe.c", *tree.examples]
    for program in programs:
        name = program.stem
        run.case(f"{name} by pkg-config", lambda: tree.runs(tree.by_pkg_config(program), program))
        run.case(f"{name} by pkg-config --static",
                 lambda: tree.runs(tree.by_static_pkg_config(program), program))
    run.case("find_package", lambda: tree.by_cmake(programs))
    for program in programs:
        for kind in ("shared", "static"):
            target = tree.work / "consumer" / f"{program.stem}-{kind}"
            run.case(f"{program.stem} by find_package, {kind}",
                     lambda: tree.runs(target, program) if target.exists() else
                     expect(False, "not built"))
    run.case("command", tree.command_runs)
    run.case("guide for developers", tree.guide)
    return run.finish()


if __name__ == "__main__":
    sys.exit(main())
