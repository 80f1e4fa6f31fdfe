/* Reading lines at the prompt, with readline where it was built in. */
#ifndef PRUN_REPL_H
#define PRUN_REPL_H

#include <lua.h>

int luaopen_prun_core_repl(lua_State *);

#endif
