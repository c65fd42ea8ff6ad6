# SPDX-License-Identifier: GPL-2.0-or-later
# bash completion for kbng(8): the tool itself says what may come next.

_kbng()
{
	local line=${COMP_LINE:0:COMP_POINT} cur='' word last=''
	local -a words before=() candidates

	# Not COMP_WORDS: bash breaks MAC addresses at their colons.
	read -ra words <<< "$line"
	if [[ $line != *[[:blank:]] ]]; then
		cur=${words[-1]}
		unset 'words[-1]'
	fi
	for word in "${words[@]:1}"; do
		[[ $word == -* ]] || before+=("$word")
		last=$word
	done

	COMPREPLY=()
	if [[ $last == --batch ]]; then
		mapfile -t COMPREPLY < <(compgen -f -- "$cur")
		return
	elif [[ $cur == -* ]]; then
		candidates=(-j -t -h --json --tabs --help --batch --version)
	else
		mapfile -t candidates < <("${words[0]}" _complete "${before[@]}" 2>/dev/null)
	fi
	# Not compgen -W: it would expand what the tool wrote.
	for word in "${candidates[@]}"; do
		[[ $word != "$cur"* ]] || COMPREPLY+=("$word")
	done
}
complete -F _kbng kbng
