#!/usr/bin/env python3
"""Run tables of command lines with the real tool and with prun; same answer? Prints TAP.

usage: run.py [options] TABLE.tab ... [NAME or PATTERN ...]

  -j N          N cases at a time (default: 2 x processors + 1)
  --list        print the names of the cases
  --show        print the outputs of passing cases too
  --keep        keep the folder of each failing case and say where it is
  --peer-only   prun is not run: each case runs twice with the real tool, which must
                give the same answer both times; a row of differs.tab must differ from it

A pattern is as in the shell and stands for the whole name ('quote-*'). A table is looked for here
when it is not found as given. Environment: PRUN is the program under test (default ../../build/prun from
this folder); GNU_PARALLEL names another GNU parallel. README.md describes the tables.
"""

import atexit
import concurrent.futures
import fnmatch
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time

HERE = os.path.dirname(os.path.abspath(__file__))
TIME_LIMIT = 20
PATH = '/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin'
# A sanitizer's or a coverage build's own variables must reach prun.
PASSED_ON = ('ASAN_OPTIONS', 'UBSAN_OPTIONS', 'LSAN_OPTIONS', 'TSAN_OPTIONS', 'GCOV_PREFIX',
             'GCOV_PREFIX_STRIP', 'LLVM_PROFILE_FILE')
SHOWN = 40   # lines of each output in a diagnostic


# --- tables -----------------------------------------------------------------------------------

class Case:
    """One row: a name, flags, and the texts of its keywords."""

    def __init__(self, table, line, name, flags):
        self.table, self.line, self.name = table, line, name
        self.stdin = b''
        self.run = self.peer = self.stdout = self.status = None
        self.reason = ''
        self.sort = self.nopeer = False
        self.status_rule = 'zero' if table.kind == 'xargs' else 'same'
        self.stderr_rule = 'alike'
        self.shell = '/bin/bash'
        for flag in flags:
            self.set_flag(flag)

    def set_flag(self, flag):
        key, _, value = flag.partition('=')
        if flag == 'sort':
            self.sort = True
        elif flag == 'nopeer':
            self.nopeer = True
        elif key == 'status' and value in ('zero', 'any'):
            self.status_rule = value
        elif key == 'stderr' and value in ('empty', 'full', 'same', 'any'):
            self.stderr_rule = value
        elif key == 'shell' and value.startswith('/'):
            self.shell = value
        else:
            self.wrong('unknown flag: ' + flag)

    def wrong(self, message):
        sys.exit('%s:%d: %s' % (self.table.path, self.line, message))

    def add(self, key, text):
        if key in ('run', 'peer'):
            old = getattr(self, key)
            setattr(self, key, text if old is None else old + '\n' + text)
        elif key == 'stdin':
            self.stdin += self.unescape(text)
        elif key == 'stdout':
            self.stdout = (self.stdout or b'') + self.unescape(text)
        elif key == 'status':
            self.status = text
        elif key == 'reason':
            self.reason = (self.reason + ' ' + text).strip()
        else:
            self.wrong('unknown keyword: ' + key)

    def unescape(self, text):
        def one(m):
            s = m.group(1)
            if s[0] == 'x' and len(s) == 3:
                return bytes([int(s[1:], 16)])
            try:
                return {'n': b'\n', 't': b'\t', 'r': b'\r', '0': b'\0', '\\': b'\\', 's': b' '}[s]
            except KeyError:
                self.wrong('unknown escape: \\' + s)
        raw = text.encode('utf-8', 'surrogateescape').decode('latin-1')
        out, at = b'', 0
        for m in re.finditer(r'\\(x[0-9a-fA-F]{2}|.|$)', raw):
            out += raw[at:m.start()].encode('latin-1') + one(m)
            at = m.end()
        return out + raw[at:].encode('latin-1')

    def check(self):
        if self.run is None:
            self.wrong('%s: no run line' % self.name)
        if self.table.kind == 'xargs' and self.peer is None:
            self.wrong('%s: no peer line' % self.name)
        if self.table.kind == 'differs' and not (self.status and self.reason):
            self.wrong('%s: needs status and reason (and stdout)' % self.name)


class Table:
    """A .tab file; its name says what it is compared with: parallel, xargs, or differs."""

    def __init__(self, path):
        self.path = path
        self.kind = os.path.basename(path).split('.')[0].split('-')[0]
        if self.kind not in ('parallel', 'xargs', 'differs'):
            sys.exit(path + ': the name must begin with parallel, xargs or differs')
        self.cases = []
        self.read()

    def read(self):
        case = None
        with open(self.path, encoding='utf-8', errors='surrogateescape', newline='\n') as f:
            for number, line in enumerate(f, 1):
                line = line.rstrip('\n')
                if not line.strip() or line.startswith('#'):
                    continue
                key, _, text = line.partition(' ')
                text = text.lstrip(' ')
                if key == 'case':
                    words = text.split()
                    case = Case(self, number, words[0], words[1:])
                    self.cases.append(case)
                elif case is None:
                    sys.exit('%s:%d: a row begins with: case NAME' % (self.path, number))
                else:
                    case.add(key, text)
        for case in self.cases:
            case.check()

    def peer_missing(self, tools):
        if self.kind == 'xargs':
            return None if tools.xargs else 'xargs is not installed'
        return None if tools.parallel else 'GNU parallel is not installed'


class Tools:
    """The programs that are compared."""

    def __init__(self):
        self.prun = os.path.abspath(os.environ.get('PRUN') or
                                    os.path.join(HERE, '..', '..', 'build', 'prun'))
        if re.search(r'[^\w./+-]', self.prun):
            # A name that a shell need not quote: the tables do not.
            folder = tempfile.mkdtemp(prefix='prun-compat-link.')
            atexit.register(shutil.rmtree, folder, True)
            os.symlink(self.prun, os.path.join(folder, 'prun'))
            self.prun = os.path.join(folder, 'prun')
        self.xargs = shutil.which('xargs', path=PATH)
        self.parallel = shutil.which(os.environ.get('GNU_PARALLEL', 'parallel'), path=PATH)
        if self.parallel and not self.is_gnu(self.parallel):
            self.parallel = None   # moreutils has a program of this name

    @staticmethod
    def is_gnu(path):
        answer = subprocess.run([path, '--version'], stdin=subprocess.DEVNULL,
                                stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        return answer.stdout.startswith(b'GNU parallel')


# --- one run ----------------------------------------------------------------------------------

class Outcome:
    def __init__(self, status, stdout, stderr, seconds):
        self.status, self.stdout, self.stderr, self.seconds = status, stdout, stderr, seconds


# Values that tempt a shell: the fixture files `hostile` (lines) and `hostile0` (NUL-ended, a few more).
HOSTILE = [
    b'plain', b'two words', b' leading', b'trailing ', b'two  spaces', b'tab\there', b"it's",
    b'say "hi"', b'`echo hit`', b'$(echo hit)', b'${HOME}', b'$HOME', b'back\\slash', b'end\\',
    b'\\n', b'*', b'?', b'[a-z]*', b'{a,b}', b'~', b'~root', b'#comment', b'!bang', b'a;b', b'a&b',
    b'a|b', b'a<b', b'a>b', b'(a)', b'{a}', b'a=b', b'-n', b'-e x', b'--', b'--help', b'%s', b'%d%%',
    b'^a^b', b'caf\xc3\xa9', b'\xe6\x97\xa5\xe6\x9c\xac', b'\xf0\x9f\x90\x9f', b'\xff\xfe', b'\xc3',
    b"'", b'"', b'\\', b"'\"'\"'", b'$', b'$$', b'$1', b'$@', b'\x01\x1b[0m', b'\x7f',
    b'a\rb', b'in\x0bvt', b'{}x', b'\xc2\xa0nbsp',
]


def populate(folder):
    """The same small set of files for every run."""
    def put(name, content=b''):
        path = os.path.join(folder.encode(), name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, 'wb') as f:
            f.write(content)
    put(b'abc', b'a\nb\nc\n')
    put(b'numbers', b'1\n2\n3\n4\n5\n')
    put(b'words', b'one two\nthree  four\n five\n')
    put(b'nofinal', b'a\nb')
    put(b'empty')
    put(b'paths', b'dir/sub.d/file.tar.gz\nfile.txt\n/abs/name\n.hidden\ndir/.hid.den\nnoext\ntrail/\n'
                  b'a.b/c\n../up.x\n')
    put(b'nul', b'a\0b c\0new\nline\0')
    put(b'hostile', b''.join(v + b'\n' for v in HOSTILE))
    put(b'hostile0', b''.join(v + b'\0' for v in HOSTILE + [b'\n', b'a\nb', b'\na', b'a\n', b'a\n\nb']))
    put(b'dir/one.txt', b'1\n')
    put(b'dir/two words.txt', b'2\n')
    put(b'dir/sub.d/file.tar.gz', b'3\n')
    put(b"dir/it's.txt", b'4\n')
    put(b'-dash.txt', b'5\n')
    put(b'notexec', b'#!/bin/sh\necho ran\n')
    put(b'script', b'#!/bin/sh\nprintf "[%s]" "$@"; echo\n')
    put(b'flaky', b'#!/bin/sh\n# flaky N NAME: fails N times, then succeeds\n'
                  b'echo x >>tries.$2; t=$(wc -l <tries.$2); echo "try $((t)) $2"; [ $t -gt $1 ]\n')
    put(b'onecpu', b'#!/bin/sh\n# onecpu COMMAND: runs it on the first processor that we may use\n'
                   b'exec taskset -c "$(taskset -cp $$ | sed "s/.*: *//;s/[-,].*//")" "$@"\n')
    for name in ('script', 'flaky', 'onecpu'):
        os.chmod(os.path.join(folder, name), 0o755)


class Bench:
    """Runs command lines, each in a fresh folder, below one temporary folder."""

    def __init__(self):
        self.root = tempfile.mkdtemp(prefix='prun-compat.')
        self.home = os.path.join(self.root, 'home')
        os.makedirs(os.path.join(self.home, '.parallel'))
        open(os.path.join(self.home, '.parallel', 'will-cite'), 'w').close()
        self.lock = threading.Lock()
        self.count = 0

    def close(self):
        self.sweep(self.root)
        shutil.rmtree(self.root, ignore_errors=True)

    def folder(self):
        with self.lock:
            self.count += 1
            top = os.path.join(self.root, str(self.count))
        os.makedirs(top)
        return top

    def environment(self, case, top):
        env = {'PATH': PATH, 'HOME': self.home, 'LC_ALL': 'C.UTF-8', 'SHELL': case.shell,
               # GNU parallel looks at its ancestors before $SHELL.
               'PARALLEL_SHELL': case.shell, 'TMPDIR': os.path.join(top, 'tmp'), 'USER': 'tester',
               'LOGNAME': 'tester', 'TERM': 'dumb', 'PRUN_COMPAT_RUN': top}
        for name in PASSED_ON:
            if name in os.environ:
                env[name] = os.environ[name]
        return env

    def go(self, case, line, top, label):
        """Run a shell command line in top/work; give its Outcome.

        Both tools get the same path. What they left there is kept as top/LABEL.
        """
        os.makedirs(os.path.join(top, 'work'))
        os.makedirs(os.path.join(top, 'tmp'), exist_ok=True)
        populate(os.path.join(top, 'work'))
        names = [os.path.join(top, n) for n in ('stdin', 'stdout', 'stderr')]
        with open(names[0], 'wb') as f:
            f.write(case.stdin)
        # Files, not pipes: a process that was left behind must not hold us.
        begin = time.monotonic()
        with open(names[0], 'rb') as fin, open(names[1], 'wb') as fout, open(names[2], 'wb') as ferr:
            child = subprocess.Popen(['/bin/bash', '-c', line], stdin=fin, stdout=fout, stderr=ferr,
                                     cwd=os.path.join(top, 'work'), env=self.environment(case, top),
                                     start_new_session=True)
            try:
                status = child.wait(TIME_LIMIT)
                self.end(child)
            except subprocess.TimeoutExpired:
                status = 'none: killed after %d s' % TIME_LIMIT
                self.end(child)
                self.sweep(top)
            seconds = time.monotonic() - begin
        os.rename(os.path.join(top, 'work'), os.path.join(top, label))
        with open(names[1], 'rb') as fout, open(names[2], 'rb') as ferr:
            out, err = fout.read(), ferr.read()
        return Outcome(128 - status if isinstance(status, int) and status < 0 else status, out, err, seconds)

    @staticmethod
    def end(child):
        """Kill what is left of the command line's process group."""
        try:
            os.killpg(child.pid, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            pass
        child.wait()

    @staticmethod
    def sweep(top):
        """Kill whatever carries the mark of a folder, in whichever group it is."""
        mark = b'PRUN_COMPAT_RUN=' + os.fsencode(top)
        for pid in filter(str.isdigit, os.listdir('/proc') if os.path.isdir('/proc') else ()):
            try:
                with open('/proc/%s/environ' % pid, 'rb') as f:
                    if any(v == mark or v.startswith(mark + b'/') for v in f.read().split(b'\0')):
                        os.kill(int(pid), signal.SIGKILL)
            except OSError:
                pass


# --- comparison -------------------------------------------------------------------------------

def lines_sorted(data):
    return b'\n'.join(sorted(data.split(b'\n')))


def differences(case, want, got):
    """A list of what is not as wanted; empty when all is well."""
    bad = []
    a, b = want.stdout, got.stdout
    if case.sort:
        a, b = lines_sorted(a), lines_sorted(b)
    if a != b:
        bad.append('stdout differs')
    hung = [o for o in (want, got) if not isinstance(o.status, int)]
    if case.status_rule == 'same' and want.status != got.status:
        bad.append('status differs')
    elif case.status_rule == 'zero' and (want.status == 0) != (got.status == 0):
        bad.append('one status is zero, the other not')
    elif hung:
        bad.append('time limit')
    return bad + differences_stderr(case, want, got)


def differences_stderr(case, want, got):
    rule = case.stderr_rule
    if rule == 'empty' and got.stderr:
        return ['stderr is not empty']
    if rule == 'full' and not got.stderr:
        return ['stderr is empty']
    if rule == 'same' and want.stderr != got.stderr:
        return ['stderr differs']
    if rule == 'alike' and bool(want.stderr) != bool(got.stderr):
        return ['stderr is empty with one, not with the other']
    return []


def differences_expected(case, got):
    """As differences(), for a row that states what is wanted of prun."""
    bad = []
    if case.stdout is not None:
        a, b = case.stdout, got.stdout
        if case.sort:
            a, b = lines_sorted(a), lines_sorted(b)
        if a != b:
            bad.append('stdout is not as wanted')
    if not isinstance(got.status, int):
        bad.append('time limit')
    elif case.status == 'nonzero' and got.status == 0:
        bad.append('status is zero')
    elif case.status not in ('nonzero', 'any') and got.status != int(case.status):
        bad.append('status is not ' + case.status)
    if case.stderr_rule in ('empty', 'full'):
        bad += differences_stderr(case, got, got)
    return bad


# --- the runner -------------------------------------------------------------------------------

def shown(label, outcome):
    yield '--- %s: status %s, %.1f s' % (label, outcome.status, outcome.seconds)
    for name, data in (('stdout', outcome.stdout), ('stderr', outcome.stderr)):
        lines = data.split(b'\n')
        last = lines.pop()
        rows = [repr(x + b'\n')[1:] for x in lines] + ([repr(last)[1:]] if last else [])
        for row in rows[:SHOWN]:
            yield '%s: %s' % (name, row if len(row) < 400 else row[:300] + '... (%d)' % len(row))
        if len(rows) > SHOWN:
            yield '%s: ... %d lines more' % (name, len(rows) - SHOWN)


class Result:
    def __init__(self, case):
        self.case, self.ok, self.skip, self.notes = case, True, None, []

    def fail(self, bad):
        self.ok = False
        self.notes.append('; '.join(bad))


class Runner:
    def __init__(self, tools, bench, opts):
        self.tools, self.bench, self.opts = tools, bench, opts

    def one(self, case):
        result = Result(case)
        top = self.bench.folder()
        try:
            runs = self.runs(case, result, top)
        except OSError as e:
            result.fail(['cannot run: %s' % e])
            return result
        if not result.ok or self.opts.show:
            result.notes.append('run:  ' + case.run.replace('\n', '\n      '))
            if case.peer:
                result.notes.append('peer: ' + case.peer)
            if case.stdin:
                result.notes.append('stdin: ' + repr(case.stdin)[1:200])
            if case.stdout is not None and case.table.kind == 'differs':
                result.notes.append('wanted: status %s, stdout %r' % (case.status, case.stdout))
                result.notes.append('because ' + case.reason)
            for label, outcome in runs:
                result.notes.extend(shown(label, outcome))
        if not result.ok:
            result.notes.append('again: PRUN=%s python3 %s %s %s' % (
                shlex.quote(self.tools.prun), shlex.quote(os.path.join(HERE, 'run.py')),
                shlex.quote(os.path.basename(case.table.path)), case.name))
        if self.opts.keep and not result.ok:
            result.notes.append('kept: ' + top)
        else:
            shutil.rmtree(top, ignore_errors=True)
        return result

    def runs(self, case, result, top):
        """Run what the row asks for, judge it; give [(label, Outcome)]."""
        kind = case.table.kind
        missing = case.table.peer_missing(self.tools)
        if missing and (kind != 'differs' or self.opts.peer_only):
            result.skip = missing
            return []
        prun = case.run.replace('@P', shlex.quote(self.tools.prun))
        if kind == 'differs' and not self.opts.peer_only:
            got = self.bench.go(case, prun, top, 'prun')
            bad = differences_expected(case, got)
            if bad:
                result.fail(bad)
            return [('prun', got)]
        if kind == 'differs' and case.nopeer:
            result.skip = 'not for the peer'
            return []
        if kind == 'xargs':
            label, line = 'xargs', case.peer
        else:
            label, line = 'parallel', case.run.replace('@P', shlex.quote(self.tools.parallel))
        want = self.bench.go(case, line, top, label)
        if kind == 'differs':
            if not differences_expected(case, want):
                result.fail(['the peer does just this: not a difference'])
            return [(label, want)]
        second = 'again' if self.opts.peer_only else 'prun'
        got = self.bench.go(case, line if self.opts.peer_only else prun, top, second)
        bad = differences(case, want, got)
        if self.opts.peer_only and case.stderr_rule in ('full', 'empty'):
            bad += differences_stderr(case, want, want)
        if bad:
            result.fail(bad)
        return [(label, want), (second, got)]


def report(number, result):
    mark = 'ok' if result.ok else 'not ok'
    tail = ' # SKIP ' + result.skip if result.skip else ''
    print('%s %d - %s%s' % (mark, number, result.case.name, tail))
    for note in result.notes:
        for line in note.split('\n'):
            print('# ' + line)
    sys.stdout.flush()


class Options:
    def __init__(self, words):
        self.jobs = 2 * (os.cpu_count() or 1) + 1
        self.list = self.show = self.keep = self.peer_only = False
        self.tables, self.patterns = [], []
        words = list(words)
        while words:
            self.take(words.pop(0), words)
        if not self.tables:
            sys.exit(__doc__)

    def take(self, word, rest):
        if word in ('-h', '--help'):
            print(__doc__)
            sys.exit(0)
        elif word in ('--list', '--show', '--keep', '--peer-only'):
            setattr(self, word[2:].replace('-', '_'), True)
        elif word == '-j' and rest and rest[0].isdigit():
            self.jobs = max(1, int(rest.pop(0)))
        elif word.startswith('-'):
            sys.exit('run.py: unknown option %s\n%s' % (word, __doc__))
        elif word.endswith('.tab'):
            self.tables.append(word if os.path.exists(word) else os.path.join(HERE, word))
        else:
            self.patterns.append(word)


def choose(tables, patterns):
    cases = [c for t in tables for c in t.cases]
    names = [c.name for c in cases]
    for name in set(names):
        if names.count(name) > 1:
            sys.exit('run.py: two cases are called ' + name)
    if patterns:
        cases = [c for c in cases if any(fnmatch.fnmatchcase(c.name, p) for p in patterns)]
        if not cases:
            sys.exit('run.py: no case is called ' + ' or '.join(patterns))
    return cases


def main():
    sys.stdout.reconfigure(encoding='utf-8', errors='backslashreplace')
    opts = Options(sys.argv[1:])
    tables = [Table(p) for p in opts.tables]
    cases = choose(tables, opts.patterns)
    if opts.list:
        print('\n'.join(c.name for c in cases))
        return 0
    tools = Tools()
    if all(t.kind != 'differs' and t.peer_missing(tools) for t in tables):
        print('1..0 # SKIP ' + tables[0].peer_missing(tools))
        return 0
    if not opts.peer_only and not os.access(tools.prun, os.X_OK):
        print('Bail out! PRUN=%s is not a program' % tools.prun)
        return 1
    print('1..%d' % len(cases))
    failed = run_all(cases, tools, opts)
    print('# %d of %d failed%s' % (len(failed), len(cases), ': ' + ' '.join(failed) if failed else ''))
    return 1 if failed else 0


def run_all(cases, tools, opts):
    bench = Bench()
    runner = Runner(tools, bench, opts)
    failed = []
    try:
        if tools.parallel:
            # GNU parallel measures the longest command line once and keeps it in HOME.
            warm = Case(cases[0].table, 0, 'warm', [])
            bench.go(warm, shlex.quote(tools.parallel) + ' true ::: a', bench.folder(), 'warm')
        with concurrent.futures.ThreadPoolExecutor(opts.jobs) as pool:
            for number, result in enumerate(pool.map(runner.one, cases), 1):
                report(number, result)
                if not result.ok:
                    failed.append(result.case.name)
    finally:
        if not (opts.keep and failed):
            bench.close()
    return failed


if __name__ == '__main__':
    sys.exit(main())
