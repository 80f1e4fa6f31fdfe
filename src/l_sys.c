/* l_sys.c is prun.core.sys: the small system calls that Lua itself lacks. */
#include "config.h"

#include <sys/file.h>
#include <sys/ioctl.h>
#ifdef HAVE_SYS_RANDOM_H
#include <sys/random.h>
#endif
#include <sys/resource.h>
#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "fd.h"
#include "keeper.h"
#include "l_core.h"
#include "sig.h"
#include "tree.h"

/* isatty(fd) */
static int
l_sys_isatty(lua_State *L)
{
	lua_pushboolean(L, isatty((int)luaL_checkinteger(L, 1)));
	return 1;
}

/* was_closed(fd): whether the caller had closed descriptor 0, 1 or 2. */
static int
l_sys_was_closed(lua_State *L)
{
	lua_Integer fd = luaL_checkinteger(L, 1);

	lua_pushboolean(L, fd >= 0 && fd <= 2 && fd_was_closed((int)fd));
	return 1;
}

/* print_failed(): whether C's stdout could not be written, print included. */
static int
l_sys_print_failed(lua_State *L)
{
	lua_pushboolean(L, ferror(stdout));
	return 1;
}

/* columns(fd): the width of the terminal behind fd, or nil. */
static int
l_sys_columns(lua_State *L)
{
	struct winsize ws;

	if (ioctl((int)luaL_checkinteger(L, 1), TIOCGWINSZ, &ws) == -1 ||
	    ws.ws_col == 0)
		return 0;
	lua_pushinteger(L, ws.ws_col);
	return 1;
}

/* cpus(): how many processors this process may run on. */
static int
l_sys_cpus(lua_State *L)
{
	long n = 0;
#ifdef HAVE_SCHED_GETAFFINITY
	cpu_set_t set;

	if (sched_getaffinity(0, sizeof set, &set) == 0)
		n = CPU_COUNT(&set);
#endif
	if (n < 1)
		n = sysconf(_SC_NPROCESSORS_ONLN);
	lua_pushinteger(L, n < 1 ? 1 : n);
	return 1;
}

/* time(): seconds since the epoch, with a fraction. */
static int
l_sys_time(lua_State *L)
{
	struct timespec ts;

	clock_gettime(CLOCK_REALTIME, &ts);
	lua_pushnumber(L, (lua_Number)ts.tv_sec +
	    (lua_Number)ts.tv_nsec / 1e9);
	return 1;
}

/* rusage(): user and system seconds of this process, its children excluded. */
static int
l_sys_rusage(lua_State *L)
{
	struct rusage ru;

	getrusage(RUSAGE_SELF, &ru);
	lua_pushnumber(L, (lua_Number)ru.ru_utime.tv_sec +
	    (lua_Number)ru.ru_utime.tv_usec / 1e6);
	lua_pushnumber(L, (lua_Number)ru.ru_stime.tv_sec +
	    (lua_Number)ru.ru_stime.tv_usec / 1e6);
	return 2;
}

/* limits(): open files allowed, bytes an argument list may have. */
static int
l_sys_limits(lua_State *L)
{
	struct rlimit rl;

	if (getrlimit(RLIMIT_NOFILE, &rl) == -1 || rl.rlim_cur > INT32_MAX)
		rl.rlim_cur = INT32_MAX;
	lua_pushinteger(L, (lua_Integer)rl.rlim_cur);
	lua_pushinteger(L, sysconf(_SC_ARG_MAX));
	return 2;
}

/* pid(): of this process. */
static int
l_sys_pid(lua_State *L)
{
	lua_pushinteger(L, getpid());
	return 1;
}

/* process_state(pid): the system's letter for how it is, or nil. */
static int
l_sys_process_state(lua_State *L)
{
	char state = tree_state((pid_t)luaL_checkinteger(L, 1));

	if (state == 0)
		return 0;
	lua_pushlstring(L, &state, 1);
	return 1;
}

/* hostname() */
static int
l_sys_hostname(lua_State *L)
{
	char name[256] = "";

	gethostname(name, sizeof name - 1);
	lua_pushstring(L, name);
	return 1;
}

/* Whether path is a file that may be executed. */
static bool
l_executable(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISREG(st.st_mode) &&
	    access(path, X_OK) == 0;
}

/*
 * which(name): the path that a shell would execute for name, found along
 * $PATH unless it holds a slash; nil when there is none.
 */
static int
l_sys_which(lua_State *L)
{
	const char *name = luaL_checkstring(L, 1);
	const char *p = getenv("PATH"), *end;
	char path[4096];

	if (strchr(name, '/') != NULL) {
		lua_pushstring(L, l_executable(name) ? name : NULL);
		return 1;
	}
	for (p = p ? p : "/usr/bin:/bin"; p != NULL && *name != '\0';
	    p = *end ? end + 1 : NULL) {
		end = strchrnul(p, ':');
		/* An empty entry is the current directory. */
		snprintf(path, sizeof path, "%.*s%s%s", (int)(end - p), p,
		    end == p ? "./" : "/", name);
		if (l_executable(path)) {
			lua_pushstring(L, path);
			return 1;
		}
	}
	return 0;
}

/* kind(path): "file", "directory", "other", or nil, message, errno. */
static int
l_sys_kind(lua_State *L)
{
	const char *path = luaL_checkstring(L, 1);
	struct stat st;

	if (stat(path, &st) == -1)
		return l_fail(L, path, errno);
	lua_pushstring(L, S_ISREG(st.st_mode) ? "file" :
	    S_ISDIR(st.st_mode) ? "directory" : "other");
	return 1;
}

/*
 * open(path, mode): a descriptor, close-on-exec, to read ("r"), to write anew
 * ("w"), to append ("a"), to read and write ("r+"), to write one that is not
 * there ("x"); or nil, message, errno.
 */
static int
l_sys_open(lua_State *L)
{
	static const char *const modes[] = { "r", "w", "a", "r+", "x", NULL };
	static const int flags[] = { O_RDONLY, O_WRONLY | O_CREAT | O_TRUNC,
	    O_WRONLY | O_CREAT | O_APPEND, O_RDWR,
	    O_WRONLY | O_CREAT | O_EXCL };
	const char *path = luaL_checkstring(L, 1);
	int i = luaL_checkoption(L, 2, "r", modes);
	int fd = open(path, flags[i] | O_CLOEXEC | O_NOCTTY, 0666);

	if (fd == -1)
		return l_fail(L, path, errno);
	lua_pushinteger(L, fd);
	return 1;
}

/* nice(n): this process, and what it starts, runs with n more niceness. */
static int
l_sys_nice(lua_State *L)
{
	errno = 0;
	nice((int)luaL_checkinteger(L, 1));
	return l_result(L, errno ? -1 : 0, NULL);
}

/* size(path): bytes of the file, or nil, message, errno. */
static int
l_sys_size(lua_State *L)
{
	const char *path = luaL_checkstring(L, 1);
	struct stat st;

	if (stat(path, &st) == -1)
		return l_fail(L, path, errno);
	lua_pushinteger(L, (lua_Integer)st.st_size);
	return 1;
}

/* environ(): the environment, a list of "NAME=value". */
static int
l_sys_environ(lua_State *L)
{
	char **e;

	lua_newtable(L);
	for (e = environ; e != NULL && *e != NULL; e++) {
		lua_pushstring(L, *e);
		lua_rawseti(L, -2, (lua_Integer)(e - environ) + 1);
	}
	return 1;
}

/* arg_max(): bytes that arguments and environment may have. */
static int
l_sys_arg_max(lua_State *L)
{
	long n = sysconf(_SC_ARG_MAX);

	lua_pushinteger(L, n > 0 ? (lua_Integer)n : 131072);
	return 1;
}

/* mkdir(path): true, also when it is there; or nil, message, errno. */
static int
l_sys_mkdir(lua_State *L)
{
	const char *path = luaL_checkstring(L, 1);
	int r = mkdir(path, 0777);

	return l_result(L, r == -1 && errno == EEXIST ? 0 : r, path);
}

/* close(fd) */
static int
l_sys_close(lua_State *L)
{
	return l_result(L, close((int)luaL_checkinteger(L, 1)), NULL);
}

/* write(fd, text): all of it. true, or nil, message, errno. */
static int
l_sys_write(lua_State *L)
{
	size_t n;
	const char *p = luaL_checklstring(L, 2, &n);

	return l_result(L, fd_write_all((int)luaL_checkinteger(L, 1), p, n),
	    NULL);
}

/* lock(fd): lock the file for this process alone; nil when another has it. */
static int
l_sys_lock(lua_State *L)
{
	return l_result(L, flock((int)luaL_checkinteger(L, 1),
	    LOCK_EX | LOCK_NB), NULL);
}

/* truncate(path, n): the file has n bytes. true, or nil, message, errno. */
static int
l_sys_truncate(lua_State *L)
{
	const char *path = luaL_checkstring(L, 1);

	return l_result(L, truncate(path, (off_t)luaL_checkinteger(L, 2)),
	    path);
}

/* setenv(name, value): in this process's environment; nil removes. */
static int
l_sys_setenv(lua_State *L)
{
	const char *name = luaL_checkstring(L, 1);
	const char *value = luaL_optstring(L, 2, NULL);

	return l_result(L, value ? setenv(name, value, 1) : unsetenv(name),
	    name);
}

/* chdir(path) */
static int
l_sys_chdir(lua_State *L)
{
	const char *path = luaL_checkstring(L, 1);

	return l_result(L, chdir(path), path);
}

/* random(): an integer from the kernel. */
static int
l_sys_random(lua_State *L)
{
	lua_Integer n = 0;
	int fd;

#ifdef HAVE_SYS_RANDOM_H
	if (getrandom(&n, sizeof n, 0) == sizeof n) {
		lua_pushinteger(L, n);
		return 1;
	}
#endif
	fd = open("/dev/urandom", O_RDONLY | O_CLOEXEC);
	if (fd == -1 || fd_read(fd, &n, sizeof n) != sizeof n)
		n = (lua_Integer)time(NULL) ^ (lua_Integer)getpid() << 32;
	fd_close(&fd);
	lua_pushinteger(L, n);
	return 1;
}

/* realpath(path): absolute, without links; or nil, message, errno. */
static int
l_sys_realpath(lua_State *L)
{
	const char *path = luaL_checkstring(L, 1);
	char *real = realpath(path, NULL);

	if (real == NULL)
		return l_fail(L, path, errno);
	lua_pushstring(L, real);
	free(real);
	return 1;
}

/* strerror(errno) */
static int
l_sys_strerror(lua_State *L)
{
	lua_pushstring(L, strerror((int)luaL_checkinteger(L, 1)));
	return 1;
}

/* signal_number(name): or nil. */
static int
l_sys_signal_number(lua_State *L)
{
	int n = sig_number(luaL_checkstring(L, 1));

	if (n < 0)
		return 0;
	lua_pushinteger(L, n);
	return 1;
}

/* signal_name(number): without SIG, or nil. */
static int
l_sys_signal_name(lua_State *L)
{
	lua_pushstring(L, sig_name((int)luaL_checkinteger(L, 1)));
	return 1;
}

/* die(signal number): end this process by the signal. */
static int
l_sys_die(lua_State *L)
{
	int number = (int)luaL_checkinteger(L, 1);

	fflush(NULL);
	sig_die(number);
}

/* exit(status): end this process now, without closing the Lua state. */
static int
l_sys_exit(lua_State *L)
{
	int status = (int)luaL_checkinteger(L, 1);

	fflush(NULL);
	_exit(status);
}

/* stop(): stop this process, as Ctrl-Z does, until somebody continues it. */
static int
l_sys_stop(lua_State *L)
{
	(void)L;
	kill(getpid(), SIGSTOP);
	return 0;
}

/*
 * end_descendants(grace): end all processes that descend from this one, by
 * SIGTERM, after grace seconds by SIGKILL. Nothing else may wait for them.
 */
static int
l_sys_end_descendants(lua_State *L)
{
	tree_end((int64_t)(luaL_checknumber(L, 1) * 1e9));
	return 0;
}

/* keeper(): what reaches its end when the keeper is gone, or nil. */
static int
l_sys_keeper(lua_State *L)
{
	if (keeper_fd() == -1)
		return 0;
	lua_pushinteger(L, keeper_fd());
	return 1;
}

static const struct {
	const char *name;
	int number;
} errors[] = {
	{ "E2BIG", E2BIG }, { "EACCES", EACCES }, { "EAGAIN", EAGAIN },
	{ "EBADF", EBADF }, { "EISDIR", EISDIR }, { "EMFILE", EMFILE },
	{ "ENFILE", ENFILE }, { "ENOENT", ENOENT }, { "ENOEXEC", ENOEXEC },
	{ "ENOMEM", ENOMEM }, { "ENOSPC", ENOSPC }, { "ENOTDIR", ENOTDIR },
	{ "EPIPE", EPIPE }, { "ETXTBSY", ETXTBSY },
};

static const luaL_Reg functions[] = {
	{ "isatty", l_sys_isatty },
	{ "columns", l_sys_columns },
	{ "cpus", l_sys_cpus },
	{ "time", l_sys_time },
	{ "rusage", l_sys_rusage },
	{ "limits", l_sys_limits },
	{ "pid", l_sys_pid },
	{ "hostname", l_sys_hostname },
	{ "which", l_sys_which },
	{ "kind", l_sys_kind },
	{ "open", l_sys_open },
	{ "close", l_sys_close },
	{ "mkdir", l_sys_mkdir },
	{ "environ", l_sys_environ },
	{ "arg_max", l_sys_arg_max },
	{ "size", l_sys_size },
	{ "nice", l_sys_nice },
	{ "write", l_sys_write },
	{ "lock", l_sys_lock },
	{ "truncate", l_sys_truncate },
	{ "realpath", l_sys_realpath },
	{ "setenv", l_sys_setenv },
	{ "chdir", l_sys_chdir },
	{ "random", l_sys_random },
	{ "process_state", l_sys_process_state },
	{ "was_closed", l_sys_was_closed },
	{ "print_failed", l_sys_print_failed },
	{ "strerror", l_sys_strerror },
	{ "signal_number", l_sys_signal_number },
	{ "signal_name", l_sys_signal_name },
	{ "die", l_sys_die },
	{ "end_descendants", l_sys_end_descendants },
	{ "exit", l_sys_exit },
	{ "stop", l_sys_stop },
	{ "keeper", l_sys_keeper },
	{ NULL, NULL }
};

int
luaopen_prun_core_sys(lua_State *L)
{
	size_t i;

	luaL_newlib(L, functions);
	for (i = 0; i < sizeof errors / sizeof *errors; i++) {
		lua_pushinteger(L, errors[i].number);
		lua_setfield(L, -2, errors[i].name);
	}
	return 1;
}
