/* repl.c owns the prompt's line: readline, or plain reading without it. */
#include "config.h"

#include "repl.h"

#include <lauxlib.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifdef HAVE_READLINE
#include <dlfcn.h>
#include <readline/readline.h>
#endif

/* How lines are read and remembered; set when the module is opened. */
static struct {
	char *(*read)(const char *);
	void (*remember)(const char *);
} repl;

static char *
plain_read(const char *prompt)
{
	char *line = NULL;
	size_t size = 0;
	ssize_t n;

	fputs(prompt, stdout);
	fflush(stdout);
	do {
		clearerr(stdin);
		n = getline(&line, &size, stdin);
	} while (n == -1 && ferror(stdin) && errno == EINTR);
	if (n > 0 && line[n - 1] == '\n')
		line[n - 1] = '\0';
	if (n > 0)
		return line;
	free(line);
	return NULL;
}

static void
plain_remember(const char *line)
{
	(void)line;
}

/*
 * Readline is looked for only here: loading it would cost every start, and
 * only the prompt uses it.
 */
static void
repl_find(void)
{
	repl.read = plain_read;
	repl.remember = plain_remember;
#ifdef HAVE_READLINE
	char name[32];
	void *lib, *read, *remember;

	snprintf(name, sizeof name, "libreadline.so.%d", RL_VERSION_MAJOR);
	if ((lib = dlopen(name, RTLD_NOW | RTLD_LOCAL)) == NULL)
		return;
	read = dlsym(lib, "readline");
	remember = dlsym(lib, "add_history");
	if (read == NULL || remember == NULL)
		return;
	memcpy(&repl.read, &read, sizeof read);
	memcpy(&repl.remember, &remember, sizeof remember);
#endif
}

/* read(prompt): a line without its newline; nil at the end of input. */
static int
l_repl_read(lua_State *L)
{
	char *line = repl.read(luaL_checkstring(L, 1));

	if (line == NULL)
		return 0;
	lua_pushstring(L, line);
	free(line);
	return 1;
}

/* remember(line): make it part of the history. */
static int
l_repl_remember(lua_State *L)
{
	repl.remember(luaL_checkstring(L, 1));
	return 0;
}

static const luaL_Reg functions[] = {
	{ "read", l_repl_read },
	{ "remember", l_repl_remember },
	{ NULL, NULL }
};

int
luaopen_prun_core_repl(lua_State *L)
{
	repl_find();
	luaL_newlib(L, functions);
	return 1;
}
