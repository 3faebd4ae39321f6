# SPDX-License-Identifier: GPL-3.0-or-later
# Shared by the scripts; sourced after `set -euo pipefail`.

shopt -s inherit_errexit

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
self=scripts/$(basename "$0")

say()
{
	printf '%s: %s\n' "$self" "$*" >&2
}

die()
{
	say "$*"
	exit 1
}

# The machine cannot do this (no root, no capability): one line, exit code 3.
cannot()
{
	say "$*"
	exit 3
}

# quietly LOGFILE COMMAND...: output goes to the log; on failure its end is shown.
quietly()
{
	local log=$1
	shift
	"$@" >>"$log" 2>&1 && return
	tail -n 25 "$log" >&2
	die "failed: $*"
}

# Commands to run when the script ends, however it ends: at_exit+=("COMMAND"), the last added first.
at_exit=()
run_at_exit()
{
	local i

	for ((i = ${#at_exit[@]} - 1; i >= 0; i--)); do
		eval "${at_exit[i]}" || true
	done
}
trap run_at_exit EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
