# SPDX-License-Identifier: GPL-2.0-or-later
#
# Sourced: apt for the Debian release that has a kernel series, in a directory of
# its own. This machine's packages and apt configuration stay as they are. From
# the Debian mirror that this machine uses.

apt_die()
{
	echo "${0##*/tests/}: $1" >&2
	[ ! -e "$work/log" ] || tail -n 5 "$work/log" >&2
	exit 1
}

# apt-get and apt-cache are about the release from here on, as if nothing were
# installed. What they say goes to $work/log.
apt_use() # SERIES, with work=DIRECTORY that exists
{
	local keyring=/usr/share/keyrings/debian-archive-keyring.gpg
	local mirror suite suites

	case $1 in
	6.1) suites="bookworm" ;;
	6.12) suites="bookworm bookworm-backports" ;;
	*) suites="trixie trixie-backports" ;;
	esac
	# The main archive, whichever mirror of it is configured here.
	mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' \
		'Origin: Debian' 'Label: Debian' | head -n 1)
	[ "$mirror" ] ||
		apt_die "apt knows no mirror of Debian: run apt-get update as root"

	mkdir -p "$work"/{lists/partial,cache/archives/partial}
	for suite in $suites; do
		echo "deb [signed-by=$keyring] $mirror $suite main"
	done > "$work/sources.list"
	touch "$work/status"
	cat > "$work/apt.conf" <<-CONF
	Dir::State "$work";
	Dir::State::status "$work/status";
	Dir::Cache "$work/cache";
	Dir::Etc::sourcelist "$work/sources.list";
	Dir::Etc::sourceparts "/dev/null";
	APT::Architecture "amd64";
	APT::Sandbox::User "root";
	APT::Install-Recommends "false";
	APT::Update::Error-Mode "any";
	APT::Default-Release "${suites##* }";
	CONF
	export APT_CONFIG=$work/apt.conf
	apt-get -q -y update > "$work/log" 2>&1 || apt_die "$suites cannot be read"
}
