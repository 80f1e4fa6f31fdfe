/* The Lua state that runs the program. */
#ifndef PRUN_HOST_H
#define PRUN_HOST_H

/*
 * Make a Lua state, hand the arguments to prun.cli.main, close the state.
 * Returns the exit status. It may not return: a signal may end the program.
 */
int host_run(int argc, char **argv);

struct lua_State;

/* A new Lua state with the standard libraries and ours; NULL: no memory. */
struct lua_State *host_state(void);

#endif
