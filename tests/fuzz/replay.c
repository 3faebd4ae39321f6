/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tests/fuzz/replay.c: stands in for a fuzzer's main().  Gives every file named on the command line, and every
 * file of each folder named there, to LLVMFuzzerTestOneInput(); TAP on stdout, one line a file.  A target that
 * crashes or asserts ends the program before its plan is printed, which the caller counts as a failure. */
#include <dirent.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

#define INPUT_BYTES_MAX (1u << 20) /* a larger file is reported as a failure */

static unsigned run_count, failed_count;

static void report(bool ok, const char *path)
{
	run_count++;
	failed_count += !ok;
	printf("%sok %u - %s\n", ok ? "" : "not ", run_count, path);
	fflush(stdout);
}

/* The input lies in an allocation of exactly its length, so that a sanitizer sees a read past its end. */
static bool replay_stream(FILE *file)
{
	static uint8_t buf[INPUT_BYTES_MAX + 1];
	size_t len = fread(buf, 1, sizeof(buf), file);
	uint8_t *input;

	if (ferror(file) || len > INPUT_BYTES_MAX)
		return false;
	input = malloc(len > 0 ? len : 1);
	if (input == NULL)
		return false;
	memcpy(input, buf, len);
	LLVMFuzzerTestOneInput(input, len);
	free(input);
	return true;
}

static void replay_file(const char *path)
{
	FILE *file = fopen(path, "rb");
	bool ok = file != NULL && replay_stream(file);

	if (file != NULL)
		fclose(file);
	report(ok, path);
}

static int visible(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

/* In order of name, so that two runs print the same. */
static void replay_folder(const char *folder)
{
	struct dirent **entries;
	int count = scandir(folder, &entries, visible, alphasort);
	char path[4096];

	if (count <= 0)
		report(false, folder);
	for (int i = 0; i < count; i++) {
		snprintf(path, sizeof(path), "%s/%s", folder, entries[i]->d_name);
		replay_file(path);
		free(entries[i]);
	}
	if (count >= 0)
		free(entries);
}

int main(int argc, char **argv)
{
	struct stat st;

	for (int i = 1; i < argc; i++) {
		if (stat(argv[i], &st) == 0 && S_ISDIR(st.st_mode))
			replay_folder(argv[i]);
		else
			replay_file(argv[i]);
	}
	printf("1..%u\n", run_count);
	return failed_count > 0 || run_count == 0;
}
