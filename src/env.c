/* env.c owns the lines that a job finds in its environment. */
#include "env.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static const char *const ours[] = {
	"PRUN_ATTEMPT=", "PRUN_SEQ=", "PARALLEL_SEQ=", "PRUN_JOBSLOT=",
	"PARALLEL_JOBSLOT=", "PRUN_PID=", "PARALLEL_PID="
};

enum { ENV_OURS = sizeof ours / sizeof *ours };

static char lines[ENV_OURS][ENV_SLOT];

static int
env_is_ours(const char *line)
{
	size_t i;

	if (*line != 'P')
		return 0;
	for (i = 0; i < ENV_OURS; i++)
		if (strncmp(line, ours[i], strlen(ours[i])) == 0)
			return 1;
	return 0;
}

int
env_open(struct env *env, char *const *base)
{
	size_t i, n = 0;

	*env = (struct env){ 0 };
	while (base != NULL && base[n] != NULL)
		n++;
	if ((env->vars = calloc(n + ENV_OURS + 1, sizeof *env->vars)) == NULL)
		return -1;
	for (i = 0; i < n; i++)
		if (!env_is_ours(base[i]))
			env->vars[env->fixed++] = base[i];
	return 0;
}

static size_t
env_find(const struct env *env, const char *name, size_t len)
{
	size_t i;

	for (i = 0; i < env->fixed; i++)
		if (strncmp(env->vars[i], name, len) == 0 &&
		    env->vars[i][len] == '=')
			break;
	return i;
}

/* A line of our own making; NULL with errno when there is no memory. */
static char *
env_line(struct env *env, const char *name, const char *value)
{
	size_t len = strlen(name), size = len + strlen(value) + 2;
	char *line = malloc(size);
	char **owned = realloc(env->owned,
	    (env->owned_len + 1) * sizeof *owned);

	if (owned != NULL)
		env->owned = owned;
	if (line == NULL || owned == NULL) {
		free(line);
		errno = ENOMEM;
		return NULL;
	}
	memcpy(line, name, len);
	line[len] = '=';
	memcpy(line + len + 1, value, size - len - 1);
	return env->owned[env->owned_len++] = line;
}

int
env_set(struct env *env, const char *name, const char *value)
{
	size_t i = env_find(env, name, strlen(name));
	char **vars, *line;

	if (value == NULL) {
		if (i < env->fixed)
			env->vars[i] = env->vars[--env->fixed];
		return 0;
	}
	if ((line = env_line(env, name, value)) == NULL)
		return -1;
	if (i == env->fixed) {
		vars = realloc(env->vars,
		    (env->fixed + ENV_OURS + 2) * sizeof *vars);
		if (vars == NULL)
			return -1;
		env->vars = vars;
		env->fixed++;
	}
	env->vars[i] = line;
	return 0;
}

/* Write name and number; snprintf would cost more than the rest of a start. */
static void
env_number(char *line, const char *name, uint64_t n)
{
	char digits[20];
	size_t len = strlen(name), k = 0;

	memcpy(line, name, len);
	do
		digits[k++] = (char)('0' + n % 10);
	while ((n /= 10) != 0);
	while (k > 0)
		line[len++] = digits[--k];
	line[len] = '\0';
}

char *const *
env_for_job(struct env *env, const struct env_job *job, char mark[ENV_SLOT])
{
	const uint64_t numbers[ENV_OURS] = { job->attempt, job->seq, job->seq,
	    job->slot, job->slot, (uint64_t)job->pid, (uint64_t)job->pid };
	size_t i, n = env->fixed;

	for (i = 0; i < ENV_OURS; i++) {
		if (numbers[i] == 0)
			continue;
		env_number(lines[i], ours[i], numbers[i]);
		env->vars[n++] = lines[i];
	}
	env->vars[n] = NULL;
	strcpy(mark, lines[0]);
	return env->vars;
}

void
env_close(struct env *env)
{
	while (env->owned_len > 0)
		free(env->owned[--env->owned_len]);
	free(env->owned);
	free(env->vars);
	*env = (struct env){ 0 };
}
