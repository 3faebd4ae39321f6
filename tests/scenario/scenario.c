/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Plays the scenario files named on the command line; TAP on stdout, one line a file. */
#include "tests/scenario/scn.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static unsigned words_of(char *line, char **words)
{
	unsigned count = 0;
	char *save = NULL, *word;

	line[strcspn(line, "#\n")] = '\0';
	for (word = strtok_r(line, " \t", &save); word != NULL && count < SCN_WORDS_MAX;
	     word = strtok_r(NULL, " \t", &save))
		words[count++] = word;
	return count;
}

/* [+SECONDS] STEP... */
static bool play_line(struct scn *s, char *line)
{
	char *words[SCN_WORDS_MAX];
	unsigned count = words_of(line, words), first = 0;

	if (count == 0)
		return true;
	if (words[0][0] == '+') {
		uint64_t by_ns = (uint64_t)(strtod(words[0] + 1, NULL) * 1e9 + 0.5);

		scn_open(s);
		if (by_ns > 0 && !scn_advance(s, by_ns))
			return false;
		first = 1;
	}
	return count == first || scn_step(s, words + first, count - first);
}

static bool play(struct scn *s, FILE *file)
{
	char line[512];
	bool ok = true;

	while (ok && fgets(line, sizeof(line), file) != NULL) {
		s->line++;
		ok = play_line(s, line);
	}
	if (ok && s->host != NULL)
		ok = scn_none(s);
	return ok;
}

static bool run_file(const char *path)
{
	struct scn *s = calloc(1, sizeof(*s));
	FILE *file = fopen(path, "r");
	bool ok = false;

	GW_ASSERT(s != NULL);
	s->path = path;
	s->mtu = 1500;
	s->params = tcp_host_params();
	s->start_ns = s->now_ns = 1000000 * SCN_MS;
	if (file != NULL) {
		ok = play(s, file);
		fclose(file);
	} else {
		scn_fail(s, "cannot be read");
	}
	if (!ok)
		printf("# %s:%u: %s\n", path, s->line, s->why);
	if (s->host != NULL)
		tcp_host_close(s->host);
	free(s);
	return ok;
}

int main(int argc, char **argv)
{
	bool all = true;

	printf("1..%d\n", argc - 1);
	for (int i = 1; i < argc; i++) {
		const char *slash = strrchr(argv[i], '/');
		bool ok = run_file(argv[i]);

		all &= ok;
		printf("%sok %d - %s\n", ok ? "" : "not ", i, slash != NULL ? slash + 1 : argv[i]);
		fflush(stdout);
	}
	return all ? 0 : 1;
}
