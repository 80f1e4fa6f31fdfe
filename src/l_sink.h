/* The program's one sink, for the bindings that give it output. */
#ifndef PRUN_L_SINK_H
#define PRUN_L_SINK_H

#include <lua.h>

#include "job.h"
#include "sink.h"

/* The sink; raises when prun.core.sink was not opened. */
struct sink *l_sink(lua_State *);

/* The jobs whose paused streams go on when the sink ran dry. */
void l_sink_feeds(struct job_set *);

#endif
