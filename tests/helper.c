/*
 * helper: many small misbehaviours and looks at processes, for the tests.
 *
 *	helper NAME [arguments]
 *
 * NAME chooses a row of the table at the bottom, which also says what each
 * one does.  Nothing here sleeps longer than 100 seconds, so that a test that
 * went wrong leaves nothing for ever.
 */
#define _GNU_SOURCE
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/wait.h>

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#define FOREVER 100000		/* milliseconds */

extern char **environ;

static _Noreturn void
die(const char *what)
{
	fprintf(stderr, "helper: %s: %s\n", what, strerror(errno));
	exit(125);
}

static _Noreturn void
misuse(const char *what)
{
	fprintf(stderr, "helper: %s: wrong arguments\n", what);
	exit(125);
}

static long long
clock_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000LL + t.tv_nsec / 1000000;
}

static void
sleep_us(long long us)
{
	struct timespec t = { us / 1000000, us % 1000000 * 1000 };

	while (nanosleep(&t, &t) == -1 && errno == EINTR)
		continue;
}

static void
sleep_ms(long long ms)
{
	sleep_us(ms * 1000);
}

static void
write_all(int fd, const char *p, size_t n)
{
	while (n > 0) {
		ssize_t k = write(fd, p, n);

		if (k == -1 && errno == EINTR)
			continue;
		if (k == -1)
			die("write");
		p += k;
		n -= (size_t)k;
	}
}

static void
say(int fd, const char *format, ...)
{
	char line[512];
	va_list ap;
	int n;

	va_start(ap, format);
	n = vsnprintf(line, sizeof(line), format, ap);
	va_end(ap);
	if (n > 0)
		write_all(fd, line, (size_t)n < sizeof(line) ? (size_t)n : sizeof(line) - 1);
}

static const struct {
	const char *name;
	int number;
} signals[] = {
	{ "HUP", SIGHUP }, { "INT", SIGINT }, { "QUIT", SIGQUIT }, { "ABRT", SIGABRT },
	{ "KILL", SIGKILL }, { "USR1", SIGUSR1 }, { "SEGV", SIGSEGV }, { "USR2", SIGUSR2 },
	{ "PIPE", SIGPIPE }, { "ALRM", SIGALRM }, { "TERM", SIGTERM }, { "CHLD", SIGCHLD },
	{ "CONT", SIGCONT }, { "STOP", SIGSTOP }, { "TSTP", SIGTSTP }, { "TTIN", SIGTTIN },
	{ "TTOU", SIGTTOU }, { "WINCH", SIGWINCH },
};

static int
signal_number(const char *s)
{
	size_t i;

	if (isdigit((unsigned char)*s))
		return atoi(s);
	for (i = 0; i < sizeof(signals) / sizeof(signals[0]); i++)
		if (strcmp(signals[i].name, s) == 0)
			return signals[i].number;
	errno = EINVAL;
	die(s);
}

static int
run_command(char **argv)
{
	if (argv[0] == NULL)
		misuse("no command");
	execvp(argv[0], argv);
	fprintf(stderr, "helper: %s: %s\n", argv[0], strerror(errno));
	return errno == ENOENT ? 127 : 126;
}

/* What a login shell gives a program: nothing ignored, nothing blocked. */
static void
signals_reset(void)
{
	sigset_t none;
	int i;

	for (i = 1; i < NSIG; i++)
		signal(i, SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

/* ---- commands run in some surroundings -------------------------------- */

static int
do_plain(int argc, char **argv)
{
	(void)argc;
	signals_reset();
	return run_command(argv + 1);
}

static void
status_write(const char *file, const char *text, const struct rusage *use)
{
	char line[128];
	int fd = open(file, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);

	if (fd == -1)
		die(file);
	snprintf(line, sizeof(line), "%s\n%ld\n", text, use->ru_maxrss);
	write_all(fd, line, strlen(line));
	close(fd);
}

/*
 * limit SECONDS FILE CMD...: in a process group of its own and with plain
 * signals, so that a caller in the background does not hand down an ignored
 * SIGINT.  FILE.pid holds its pid while it runs, FILE how it ended ("exit 3",
 * "signal 15", "timeout") and the resident memory in KiB.
 */
static int
do_limit(int argc, char **argv)
{
	char text[64], pidfile[PATH_MAX], tmp[PATH_MAX + 4];
	struct rusage use;
	sigset_t chld;
	long long end;
	int status, fd;
	pid_t pid;

	if (argc < 4)
		misuse("limit");
	end = clock_ms() + (long long)(atof(argv[1]) * 1000);
	signal(SIGCHLD, SIG_DFL);
	sigemptyset(&chld);
	sigaddset(&chld, SIGCHLD);
	sigprocmask(SIG_BLOCK, &chld, NULL);
	if ((pid = fork()) == -1)
		die("fork");
	if (pid == 0) {
		setpgid(0, 0);
		signals_reset();
		_exit(run_command(argv + 3));
	}
	setpgid(pid, pid);
	/* Keep nobody's pipe open: only the command holds it. */
	if ((fd = open("/dev/null", O_RDWR)) == -1)
		die("/dev/null");
	dup2(fd, 0);
	dup2(fd, 1);
	close(fd);
	snprintf(pidfile, sizeof(pidfile), "%s.pid", argv[2]);
	snprintf(tmp, sizeof(tmp), "%s.new", pidfile);
	if ((fd = open(tmp, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666)) == -1)
		die(tmp);
	say(fd, "%d\n", (int)pid);
	close(fd);
	if (rename(tmp, pidfile) == -1)
		die(pidfile);
	for (;;) {
		struct timespec t;
		long long left = end - clock_ms();
		pid_t got = wait4(pid, &status, WNOHANG, &use);

		if (got == pid)
			break;
		if (left <= 0) {
			kill(pid, SIGKILL);
			kill(pid, SIGCONT);
			while (wait4(pid, &status, 0, &use) == -1 && errno == EINTR)
				continue;
			status_write(argv[2], "timeout", &use);
			say(2, "helper: time limit of %s s reached\n", argv[1]);
			return 124;
		}
		t.tv_sec = left / 1000;
		t.tv_nsec = left % 1000 * 1000000;
		sigtimedwait(&chld, NULL, &t);
	}
	if (WIFSIGNALED(status)) {
		snprintf(text, sizeof(text), "signal %d", WTERMSIG(status));
		status_write(argv[2], text, &use);
		return 128 + WTERMSIG(status);
	}
	snprintf(text, sizeof(text), "exit %d", WEXITSTATUS(status));
	status_write(argv[2], text, &use);
	return WEXITSTATUS(status);
}

static int
do_ignore(int argc, char **argv)
{
	char *name, *rest;

	if (argc < 3)
		misuse("ignore");
	for (name = strtok_r(argv[1], ",", &rest); name != NULL; name = strtok_r(NULL, ",", &rest))
		signal(signal_number(name), SIG_IGN);
	return run_command(argv + 2);
}

static int
do_block_all(int argc, char **argv)
{
	sigset_t all;

	(void)argc;
	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, NULL);
	return run_command(argv + 1);
}

static int
do_closed_fd(int argc, char **argv)
{
	if (argc < 3)
		misuse("closed-fd");
	close(atoi(argv[1]));
	return run_command(argv + 2);
}

static int
do_rlimit(int argc, char **argv)
{
	static const struct {
		const char *name;
		int resource;
	} table[] = {
		{ "nofile", RLIMIT_NOFILE }, { "nproc", RLIMIT_NPROC }, { "as", RLIMIT_AS },
		{ "fsize", RLIMIT_FSIZE }, { "stack", RLIMIT_STACK },
	};
	struct rlimit r;
	size_t i;

	if (argc < 4)
		misuse("rlimit");
	for (i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		if (strcmp(table[i].name, argv[1]) == 0)
			break;
	if (i == sizeof(table) / sizeof(table[0]))
		misuse("rlimit");
	r.rlim_cur = r.rlim_max = (rlim_t)strtoull(argv[2], NULL, 10);
	if (setrlimit(table[i].resource, &r) == -1)
		die("setrlimit");
	return run_command(argv + 3);
}

/* nb-pipe FILE BYTES USEC CMD...: see the table. */
static int
do_nb_pipe(int argc, char **argv)
{
	char buf[65536];
	long long total = 0;
	size_t step;
	int p[2], status, fd;
	ssize_t n;
	pid_t pid;

	if (argc < 5 || (step = (size_t)atol(argv[2])) > sizeof(buf) || step == 0)
		misuse("nb-pipe");
	if ((fd = open(argv[1], O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666)) == -1)
		die(argv[1]);
	if (pipe(p) == -1)
		die("pipe");
	if ((pid = fork()) == 0) {
		fcntl(p[1], F_SETFL, O_NONBLOCK);
		dup2(p[1], 1);
		close(p[0]);
		close(p[1]);
		_exit(run_command(argv + 4));
	}
	close(p[1]);
	while ((n = read(p[0], buf, step)) > 0) {
		write_all(fd, buf, (size_t)n);
		total += n;
		sleep_us(atol(argv[3]));
	}
	waitpid(pid, &status, 0);
	say(1, "bytes %lld\n", total);
	if (WIFSIGNALED(status))
		return 128 + WTERMSIG(status);
	return WEXITSTATUS(status);
}

/* ---- a terminal ------------------------------------------------------- */

struct pty_key {
	const char *marker, *keys;
};

static size_t
keys_decode(const char *s, char *to)
{
	size_t n = 0;

	for (; *s != '\0'; s++) {
		if (*s == '^' && s[1] != '\0')
			to[n++] = (char)(*++s & 0x1f);
		else
			to[n++] = *s;
	}
	return n;
}

/* The session leader on the new terminal: what a shell with job control does. */
static int
pty_leader(const char *terminal, const char *outfile, long pause, char **cmd)
{
	int tty, status, fd;
	pid_t pid;

	setsid();
	if ((tty = open(terminal, O_RDWR)) == -1)
		die(terminal);
	ioctl(tty, TIOCSCTTY, 0);
	signals_reset();
	signal(SIGTTOU, SIG_IGN);
	dup2(tty, 0);
	dup2(tty, 1);
	dup2(tty, 2);
	if ((pid = fork()) == -1)
		die("fork");
	if (pid == 0) {
		setpgid(0, 0);
		tcsetpgrp(0, getpid());
		signals_reset();
		if (outfile != NULL) {
			if ((fd = open(outfile, O_WRONLY | O_CREAT | O_APPEND, 0666)) == -1)
				die(outfile);
			dup2(fd, 1);
			close(fd);
		}
		if (tty > 2)
			close(tty);
		_exit(run_command(cmd));
	}
	setpgid(pid, pid);
	tcsetpgrp(0, pid);
	while (waitpid(pid, &status, WUNTRACED) == -1 || WIFSTOPPED(status)) {
		if (!WIFSTOPPED(status))
			continue;
		tcsetpgrp(0, getpid());
		say(2, "[stopped]\n");
		sleep_ms(pause);
		say(2, "[continued]\n");
		tcsetpgrp(0, pid);
		kill(-pid, SIGCONT);
	}
	tcsetpgrp(0, getpid());
	tcdrain(1);
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

static int
do_pty(int argc, char **argv)
{
	static char text[1 << 20];
	struct winsize size = { .ws_row = 24, .ws_col = 80 };
	struct pty_key keys[8];
	size_t used = 0, seen = 0, next = 0, nkeys = 0;
	const char *outfile = NULL, *name;
	int master, slave, status = 0, opt;
	long pause = 500;
	bool ended = false;
	pid_t pid;

	/* "+": options end at the command. */
	while ((opt = getopt(argc, argv, "+k:1:p:")) != -1) {
		if (opt == 'k') {
			char *equal = strchr(optarg, '=');

			if (equal == NULL || nkeys == 8)
				misuse("pty -k");
			*equal = '\0';
			keys[nkeys++] = (struct pty_key){ optarg, equal + 1 };
		} else if (opt == '1')
			outfile = optarg;
		else if (opt == 'p')
			pause = atol(optarg);
		else
			misuse("pty");
	}
	if ((master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC)) == -1 || grantpt(master) == -1 ||
	    unlockpt(master) == -1 || (name = ptsname(master)) == NULL)
		die("pty");
	ioctl(master, TIOCSWINSZ, &size);
	/* Held open until the end, so that no hang-up is seen in between. */
	if ((slave = open(name, O_RDWR | O_NOCTTY | O_CLOEXEC)) == -1)
		die(name);
	if ((pid = fork()) == -1)
		die("fork");
	if (pid == 0) {
		close(master);
		close(slave);
		_exit(pty_leader(name, outfile, pause, argv + optind));
	}
	for (;;) {
		struct pollfd p = { .fd = master, .events = POLLIN };
		char buf[4096], out[64];
		ssize_t n;

		if (!ended && waitpid(pid, &status, WNOHANG) == pid)
			ended = true;
		if (poll(&p, 1, ended ? 50 : 20) <= 0) {
			if (ended)
				break;
			continue;
		}
		if ((n = read(master, buf, sizeof(buf))) <= 0)
			break;
		write_all(1, buf, (size_t)n);
		if (used + (size_t)n < sizeof(text)) {
			memcpy(text + used, buf, (size_t)n);
			used += (size_t)n;
		}
		while (next < nkeys) {
			const char *marker = keys[next].marker;
			const char *at = memmem(text + seen, used - seen, marker, strlen(marker));

			if (at == NULL)
				break;
			seen = (size_t)(at - text) + strlen(marker);
			if (strcmp(keys[next].keys, "HANGUP") == 0) {
				close(slave);
				close(master);
				waitpid(pid, &status, 0);
				return 0;
			}
			write_all(master, out, keys_decode(keys[next++].keys, out));
		}
	}
	if (!ended)
		waitpid(pid, &status, 0);
	close(slave);
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

/* screen: what a terminal of 80 x 24 shows in the end. */
static char screen[24][81];
static size_t screen_row, screen_col;

static void
screen_newline(void)
{
	if (++screen_row < 24)
		return;
	memmove(screen[0], screen[1], sizeof(screen) - sizeof(screen[0]));
	memset(screen[23], ' ', 80);
	screen_row = 23;
}

static void
screen_erase(size_t row, size_t from, size_t to)
{
	if (from < to && to <= 80)
		memset(screen[row] + from, ' ', to - from);
}

static void
screen_control(int final, size_t arg)
{
	size_t n = arg > 0 ? arg : 1, i;

	switch (final) {
	case 'A': screen_row = n > screen_row ? 0 : screen_row - n; break;
	case 'B': screen_row = screen_row + n > 23 ? 23 : screen_row + n; break;
	case 'C': screen_col = screen_col + n > 79 ? 79 : screen_col + n; break;
	case 'D': screen_col = n > screen_col ? 0 : screen_col - n; break;
	case 'G': screen_col = n > 80 ? 79 : n - 1; break;
	case 'H': screen_row = screen_col = 0; break;
	case 'K':
		screen_erase(screen_row, arg == 0 ? screen_col : 0,
		    arg == 1 && screen_col < 80 ? screen_col + 1 : 80);
		break;
	case 'J':
		screen_erase(screen_row, arg == 2 ? 0 : screen_col, 80);
		for (i = arg == 2 ? 0 : screen_row + 1; i < 24; i++)
			screen_erase(i, 0, 80);
		break;
	default: break;		/* colours and the like */
	}
}

static int
do_screen(int argc, char **argv)
{
	size_t i, k;
	int c;

	(void)argc;
	(void)argv;
	memset(screen, ' ', sizeof(screen));
	while ((c = getchar()) != EOF) {
		if (c == '\r')
			screen_col = 0;
		else if (c == '\n')
			screen_newline();
		else if (c == '\b')
			screen_col -= screen_col > 0;
		else if (c == 033 && (c = getchar()) == '[') {
			size_t arg = 0;

			while ((c = getchar()) != EOF && (isdigit(c) || c == ';' || c == '?'))
				arg = isdigit(c) && arg < 1000 ? arg * 10 + (size_t)(c - '0') : 0;
			screen_control(c, arg);
		} else if (c >= ' ') {
			if (screen_col == 80) {
				screen_col = 0;
				screen_newline();
			}
			screen[screen_row][screen_col++] = (char)c;
		}
	}
	for (i = 0; i < 24; i++) {
		for (k = 80; k > 0 && screen[i][k - 1] == ' '; k--)
			continue;
		if (k > 0)
			printf("%.*s\n", (int)k, screen[i]);
	}
	return 0;
}

/* ---- misbehaviours ---------------------------------------------------- */

static int
do_ignore_term(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	signal(SIGTERM, SIG_IGN);
	signal(SIGINT, SIG_IGN);
	signal(SIGHUP, SIG_IGN);
	signal(SIGQUIT, SIG_IGN);
	say(1, "ready\n");
	sleep_ms(FOREVER);
	return 0;
}

/* Forks once; the parent returns the pid, the child 0, itself an orphan soon. */
static pid_t
orphan(bool session)
{
	int p[2];
	char c;
	pid_t pid;

	if (pipe(p) == -1 || (pid = fork()) == -1)
		die("fork");
	if (pid == 0) {
		close(p[0]);
		if (session) {
			setsid();
			if ((pid = fork()) != 0)
				_exit(0);
		}
		write_all(p[1], "", 1);
		close(p[1]);
		return 0;
	}
	close(p[1]);
	if (read(p[0], &c, 1) != 1)
		die("orphan");
	close(p[0]);
	return pid;
}

static int
do_setsid_sleep(int argc, char **argv)
{
	int fd;

	if (orphan(true) != 0)
		return 0;
	if ((fd = open("/dev/null", O_RDWR)) == -1)
		die("/dev/null");
	dup2(fd, 0);
	dup2(fd, 1);
	dup2(fd, 2);
	if (argc > 1)
		signal(signal_number(argv[1]), SIG_IGN);
	sleep_ms(FOREVER);
	return 0;
}

static int
do_daemon_hold(int argc, char **argv)
{
	if (argc < 3)
		misuse("daemon-hold");
	if (orphan(false) != 0)
		return 0;
	sleep_ms(atol(argv[1]));
	say(1, "%s\n", argv[2]);
	if (argc > 3)
		close(open(argv[3], O_WRONLY | O_CREAT, 0666));
	sleep_ms(FOREVER);
	return 0;
}

static int
do_segv(int argc, char **argv)
{
	struct rlimit none = { 0, 0 };

	(void)argc;
	(void)argv;
	setrlimit(RLIMIT_CORE, &none);
	raise(SIGSEGV);
	return 1;
}

static int
do_abort(int argc, char **argv)
{
	struct rlimit none = { 0, 0 };

	(void)argc;
	(void)argv;
	setrlimit(RLIMIT_CORE, &none);
	abort();
}

static int
do_kill_self(int argc, char **argv)
{
	if (argc != 2)
		misuse("kill-self");
	raise(signal_number(argv[1]));
	return 0;
}

static int
do_exit(int argc, char **argv)
{
	return argc > 1 ? atoi(argv[1]) : 0;
}

static int
do_stop_self(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	say(1, "stopping\n");
	raise(SIGSTOP);
	say(1, "went on\n");
	return 0;
}

/* write N [out|err|both]: lines of 63 characters that count. */
static int
do_write(int argc, char **argv)
{
	char line[80], block[64 * 256];
	long long left, i = 0;
	int where = 1;

	if (argc < 2)
		misuse("write");
	if (argc > 2)
		where = strcmp(argv[2], "err") == 0 ? 2 : strcmp(argv[2], "both") == 0 ? 3 : 1;
	for (left = atoll(argv[1]); left > 0;) {
		size_t k, n = 0;

		for (k = 0; k < 256; k++, n += 64) {
			snprintf(line, sizeof(line), "%010lld %052d\n", i++, 7);
			memcpy(block + n, line, 64);
		}
		if ((long long)n > left)
			n = (size_t)left;
		if (where & 1)
			write_all(1, block, n);
		if (where & 2)
			write_all(2, block, n);
		left -= (long long)n;
	}
	return 0;
}

static int
do_slow_reader(int argc, char **argv)
{
	char buf[65536];
	long long total = 0;
	size_t step;
	ssize_t n;

	if (argc < 3 || (step = (size_t)atol(argv[1])) > sizeof(buf) || step == 0)
		misuse("slow-reader");
	while ((n = read(0, buf, step)) > 0) {
		total += n;
		sleep_us(atol(argv[2]));
	}
	say(1, "%lld\n", total);
	return 0;
}

/* feed FILE: endless lines; FILE always holds how many bytes were taken. */
static int
do_feed(int argc, char **argv)
{
	char block[1024];
	long long total = 0;
	size_t i;
	int fd;

	if (argc != 2)
		misuse("feed");
	if ((fd = open(argv[1], O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0666)) == -1)
		die(argv[1]);
	for (i = 0; i < sizeof(block); i += 2)
		memcpy(block + i, "y\n", 2);
	for (;;) {
		char text[32];
		int n;

		write_all(1, block, sizeof(block));
		total += (long long)sizeof(block);
		n = snprintf(text, sizeof(text), "%015lld\n", total);
		if (pwrite(fd, text, (size_t)n, 0) != n)
			break;
	}
	die(argv[1]);
}

static int
do_flood(int argc, char **argv)
{
	long i;

	if (argc != 4)
		misuse("flood");
	for (i = 0; i < atol(argv[3]); i++) {
		if (kill((pid_t)atol(argv[1]), signal_number(argv[2])) == -1)
			break;
		if (i % 8 == 7)
			sleep_us(100);
	}
	say(1, "%ld\n", i);
	return 0;
}

static int
do_await(int argc, char **argv)
{
	long long end = clock_ms() + (argc > 2 ? atoll(argv[2]) * 1000 : 20000);

	if (argc < 2)
		misuse("await");
	while (access(argv[1], F_OK) == -1) {
		if (clock_ms() >= end)
			return 1;
		sleep_ms(5);
	}
	return 0;
}

static int
do_pause(int argc, char **argv)
{
	if (argc != 3)
		misuse("pause");
	sleep_ms(atol(argv[1]));
	say(1, "%s\n", argv[2]);
	return 0;
}

static int
do_repeat(int argc, char **argv)
{
	char block[4096];
	long long left;

	if (argc != 3)
		misuse("repeat");
	memset(block, argv[1][0], sizeof(block));
	for (left = atoll(argv[2]); left > 0; left -= (long long)sizeof(block))
		write_all(1, block, left < (long long)sizeof(block) ? (size_t)left : sizeof(block));
	return 0;
}

/* ---- a look at oneself ------------------------------------------------ */

static int
do_fds(int argc, char **argv)
{
	int fd, top = 1024;

	(void)argc;
	(void)argv;
	for (fd = 0; fd < top; fd++)
		if (fcntl(fd, F_GETFD) != -1)
			printf("%d\n", fd);
	return 0;
}

static int
do_sigs(int argc, char **argv)
{
	char line[256];
	FILE *f = fopen("/proc/self/status", "r");

	(void)argc;
	(void)argv;
	if (f == NULL)
		die("/proc/self/status");
	while (fgets(line, sizeof(line), f) != NULL)
		if (strncmp(line, "SigIgn:", 7) == 0 || strncmp(line, "SigBlk:", 7) == 0)
			fputs(line, stdout);
	fclose(f);
	return 0;
}

static int
do_ids(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	printf("pid %d pgrp %d sid %d ppid %d\n", (int)getpid(), (int)getpgrp(), (int)getsid(0),
	    (int)getppid());
	return 0;
}

static int
do_argv(int argc, char **argv)
{
	int i;

	for (i = 1; i < argc; i++)
		printf("%zu:%s%c", strlen(argv[i]), argv[i], '\0');
	return 0;
}

static int
do_env(int argc, char **argv)
{
	const char *value;
	char **e;

	if (argc < 2) {
		for (e = environ; *e != NULL; e++)
			printf("%s%c", *e, '\0');
		return 0;
	}
	if ((value = getenv(argv[1])) == NULL)
		return 1;
	puts(value);
	return 0;
}

/* ---- a look at others ------------------------------------------------- */

static ssize_t
proc_read(const char *pid, const char *name, char *buf, size_t size)
{
	char path[PATH_MAX];
	ssize_t n, used = 0;
	int fd;

	snprintf(path, sizeof(path), "/proc/%s/%s", pid, name);
	if ((fd = open(path, O_RDONLY | O_CLOEXEC)) == -1)
		return -1;
	while ((size_t)used < size - 1 &&
	    (n = read(fd, buf + used, size - 1 - (size_t)used)) > 0)
		used += n;
	close(fd);
	buf[used] = '\0';
	return used;
}

static char
proc_state(const char *pid)
{
	char stat[1024], *end;

	if (proc_read(pid, "stat", stat, sizeof(stat)) <= 0)
		return '-';
	if ((end = strrchr(stat, ')')) == NULL || end[1] != ' ')
		return '-';
	return end[2];
}

static bool
proc_tagged(const char *pid, const char *tag)
{
	static char env[4 << 20];
	size_t length = strlen(tag);
	ssize_t n = proc_read(pid, "environ", env, sizeof(env));
	char *p;

	for (p = env; n > 0 && p < env + n; p += strlen(p) + 1)
		if (strncmp(p, "PRUN_TEST_TAG=", 14) == 0)
			return strncmp(p + 14, tag, length) == 0 && p[14 + length] == '\0';
	return false;
}

static bool
proc_is(const char *pid, const char *program)
{
	char path[PATH_MAX], link[PATH_MAX], real[PATH_MAX];
	ssize_t n;

	snprintf(path, sizeof(path), "/proc/%s/exe", pid);
	if (realpath(program, real) == NULL || (n = readlink(path, link, sizeof(link) - 1)) == -1)
		return false;
	link[n] = '\0';
	return strcmp(link, real) == 0;
}

static void
proc_print(const char *pid)
{
	char args[4096];
	ssize_t i, n = proc_read(pid, "cmdline", args, 200);

	for (i = 0; i < n; i++)
		if (args[i] == '\0' || iscntrl((unsigned char)args[i]))
			args[i] = ' ';
	printf("%s %c %s\n", pid, proc_state(pid), n > 0 ? args : "?");
}

/* Helpers that only watch are no leftovers. */
static bool
proc_watches(const char *pid)
{
	char args[256];
	ssize_t n = proc_read(pid, "cmdline", args, sizeof(args));
	const char *name;

	if (n <= 0 || !proc_is(pid, "/proc/self/exe") || (name = memchr(args, '\0', (size_t)n)) == NULL)
		return false;
	return strcmp(name + 1, "limit") == 0 || strcmp(name + 1, "leftovers") == 0;
}

static int
each_process(const char *tag, const char *program, bool text)
{
	struct dirent *e;
	DIR *d = opendir("/proc");

	if (d == NULL)
		die("/proc");
	while ((e = readdir(d)) != NULL) {
		if (!isdigit((unsigned char)e->d_name[0]) || !proc_tagged(e->d_name, tag) ||
		    strchr("ZX-", proc_state(e->d_name)) != NULL || proc_watches(e->d_name))
			continue;
		if (program != NULL && !proc_is(e->d_name, program))
			continue;
		if (text)
			proc_print(e->d_name);
		else
			printf("%s\n", e->d_name);
	}
	closedir(d);
	return 0;
}

static int
do_leftovers(int argc, char **argv)
{
	if (argc != 2)
		misuse("leftovers");
	return each_process(argv[1], NULL, true);
}

static int
do_pids_of(int argc, char **argv)
{
	if (argc != 3)
		misuse("pids-of");
	return each_process(argv[2], argv[1], false);
}

static int
do_state(int argc, char **argv)
{
	if (argc != 2)
		misuse("state");
	printf("%c\n", proc_state(argv[1]));
	return 0;
}

/* Both kinds of context switches, of all threads. */
static int
do_switches(int argc, char **argv)
{
	char path[PATH_MAX], text[8192], name[PATH_MAX];
	long long sum = 0;
	struct dirent *e;
	DIR *d;

	if (argc != 2)
		misuse("switches");
	snprintf(path, sizeof(path), "/proc/%s/task", argv[1]);
	if ((d = opendir(path)) == NULL)
		die(path);
	while ((e = readdir(d)) != NULL) {
		char *p;

		if (!isdigit((unsigned char)e->d_name[0]))
			continue;
		snprintf(name, sizeof(name), "task/%s/status", e->d_name);
		if (proc_read(argv[1], name, text, sizeof(text)) > 0 &&
		    (p = strstr(text, "\nvoluntary_ctxt_switches:")) != NULL)
			sum += atoll(p + 25);
	}
	closedir(d);
	printf("%lld\n", sum);
	return 0;
}

static const struct {
	const char *name;
	int (*run)(int argc, char **argv);
	const char *what;
} table[] = {
	{ "plain", do_plain, "CMD...: no signal ignored or blocked" },
	{ "limit", do_limit, "SECONDS FILE CMD...: with a time limit; how it ended in FILE" },
	{ "ignore", do_ignore, "SIG,SIG CMD...: with these signals ignored" },
	{ "block-all", do_block_all, "CMD...: with every signal blocked" },
	{ "closed-fd", do_closed_fd, "N CMD...: with descriptor N closed" },
	{ "rlimit", do_rlimit, "nofile|nproc|as|fsize|stack N CMD...: under that limit" },
	{ "nb-pipe", do_nb_pipe, "FILE BYTES USEC CMD...: stdout a non-blocking pipe, of which "
	    "BYTES are read into FILE every USEC; prints the count, ends as CMD" },
	{ "pty", do_pty, "[-k MARKER=KEYS]... [-1 FILE] [-p MS] CMD...: on a new terminal; sends "
	    "KEYS (^C, HANGUP) after MARKER; stdout to FILE; goes on MS after a stop" },
	{ "screen", do_screen, "what a terminal of 80 x 24 shows after the bytes of stdin" },
	{ "ignore-term", do_ignore_term, "ignores TERM INT HUP QUIT, says ready, sleeps" },
	{ "setsid-sleep", do_setsid_sleep, "[SIG]: leaves a sleeper in a session of its own" },
	{ "daemon-hold", do_daemon_hold, "MS TEXT [FILE]: leaves a process that holds stdout, "
	    "writes TEXT after MS and makes FILE" },
	{ "segv", do_segv, "dies by SIGSEGV" },
	{ "abort", do_abort, "dies by SIGABRT" },
	{ "kill-self", do_kill_self, "SIG: dies by SIG" },
	{ "exit", do_exit, "N" },
	{ "stop-self", do_stop_self, "says stopping, stops itself" },
	{ "write", do_write, "N [out|err|both]: N bytes of numbered lines" },
	{ "slow-reader", do_slow_reader, "BYTES USEC: counts stdin, BYTES every USEC" },
	{ "feed", do_feed, "FILE: endless lines; FILE tells how many bytes were taken" },
	{ "flood", do_flood, "PID SIG N: sends SIG N times" },
	{ "await", do_await, "FILE [SECONDS]: until FILE is there" },
	{ "pause", do_pause, "MS TEXT: says TEXT after MS" },
	{ "repeat", do_repeat, "CHAR N: N times CHAR" },
	{ "fds", do_fds, "own open descriptors, one a line" },
	{ "sigs", do_sigs, "own ignored and blocked masks" },
	{ "ids", do_ids, "own pid, pgrp, sid, ppid" },
	{ "argv", do_argv, "each argument as LENGTH:BYTES and a NUL" },
	{ "env", do_env, "[NAME]: its value; all, each with a NUL" },
	{ "leftovers", do_leftovers, "TAG: live processes with PRUN_TEST_TAG=TAG" },
	{ "pids-of", do_pids_of, "PROGRAM TAG: those of them that run PROGRAM" },
	{ "state", do_state, "PID: its letter in /proc" },
	{ "switches", do_switches, "PID: its voluntary context switches" },
};

int
main(int argc, char **argv)
{
	size_t i;

	for (i = 0; argc > 1 && i < sizeof(table) / sizeof(table[0]); i++)
		if (strcmp(table[i].name, argv[1]) == 0)
			return table[i].run(argc - 1, argv + 1);
	for (i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		fprintf(stderr, "helper %s %s\n", table[i].name, table[i].what);
	return 125;
}
