# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# What the benchmarks share: subscribers, the generator, statistics.

mkdir -p /run/netns

# ADDRESS MAC NUMBER of subscribers 1..COUNT as the generator makes them, a line
# each, in an order that is random and the same every time.
subscribers() # COUNT
{
	seq "$1" | shuf --random-source=<(yes) | awk '{
		high = int($1 / 65536)
		middle = int($1 / 256) % 256
		printf "10.%d.%d.%d 02:00:00:%02x:%02x:%02x %d\n", 1 + high,
			middle, $1 % 256, high, middle, $1 % 256, $1
	}'
}

# The lines of FILE: their lower quartile as a figure, and with the spread and
# what it is above PLAIN's in the table.
spread() # FILE PLAIN NAME
{
	awk -v name="$3" -v plain="$(quartile "$2")" -v low="$(quartile "$1")" -v file="$1" '
	BEGIN {
		while (("sort -n " file) | getline v)
			value[++n] = v
		printf "%s %.0f ns\n", name, low
		printf "  %-28s %6.0f ns %+6.0f (%.0f to %.0f)\n", name, low,
			low - plain, value[1], value[n] > "/dev/stderr"
	}'
}

quartile() # FILE
{
	sort -n "$1" | awk '{ v[NR] = $1 } END { print v[int((NR + 3) / 4)] }'
}
