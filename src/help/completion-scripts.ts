/**
 * The scripts that `postmulti completion SHELL` prints. They know nothing: at each TAB they ask the hidden command
 * `completion words`, which prints a candidate and what it is about on each line, and perhaps :files, :directories or
 * :commands at the end.
 */
export const completionScripts = {
  bash: `# postmulti(1) completion for bash. In ~/.bashrc: source <(postmulti completion bash)
_postmulti() {
  local line=\${COMP_LINE:0:COMP_POINT} words current candidate besides=
  read -ra words <<<"$line"
  [[ $line == *[[:space:]] ]] && words+=('')
  current=\${words[-1]}
  # What stands before the last = or : is a word of its own for readline.
  local kept=\${current%"\${current##*[=:]}"}
  COMPREPLY=()
  while IFS=$'\\t' read -r candidate _; do
    case $candidate in
      :*) besides=$candidate ;;
      *) COMPREPLY+=("\${candidate#"$kept"}") ;;
    esac
  done < <("$1" completion words -- "\${words[@]:1}" 2>/dev/null)
  [[ \${#COMPREPLY[@]} -eq 1 && \${COMPREPLY[0]} == *= ]] && compopt -o nospace 2>/dev/null
  current=\${current#"$kept"}
  case $besides in
    :files) compopt -o filenames 2>/dev/null; mapfile -t -O \${#COMPREPLY[@]} COMPREPLY < <(compgen -f -- "$current") ;;
    :directories) compopt -o filenames 2>/dev/null; mapfile -t -O \${#COMPREPLY[@]} COMPREPLY < <(compgen -d -- "$current") ;;
    :commands) mapfile -t -O \${#COMPREPLY[@]} COMPREPLY < <(compgen -c -- "$current") ;;
  esac
}
complete -F _postmulti postmulti
`,
  zsh: `#compdef postmulti
# postmulti(1) completion for zsh. As _postmulti in a directory of $fpath, or: source <(postmulti completion zsh)
_postmulti() {
  local -a candidates assignments
  local line besides=
  for line in "\${(@f)$(postmulti completion words -- "\${(@)words[2,CURRENT-1]}" "$PREFIX" 2>/dev/null)}"; do
    case $line in
      ('') ;;
      (:*) besides=$line ;;
      (*=$'\\t'*) assignments+=("\${\${line%%$'\\t'*}//:/\\\\:}:\${line#*$'\\t'}") ;;
      (*) candidates+=("\${\${line%%$'\\t'*}//:/\\\\:}:\${line#*$'\\t'}") ;;
    esac
  done
  (( $#candidates )) && _describe postmulti candidates
  (( $#assignments )) && _describe parameter assignments -S ''
  case $besides in
    (:files) _files ;;
    (:directories) _files -/ ;;
    (:commands) _command_names -e ;;
  esac
}
if [[ $funcstack[1] == _postmulti ]]; then _postmulti "$@"; else compdef _postmulti postmulti; fi
`,
  fish: `# postmulti(1) completion for fish. As ~/.config/fish/completions/postmulti.fish, or: postmulti completion fish | source
function __postmulti_words
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    for line in (postmulti completion words -- $words[2..-1] "$current" 2>/dev/null)
        switch $line
            case ':files'
                __fish_complete_path "$current"
            case ':directories'
                __fish_complete_directories "$current"
            case ':commands'
                complete -C "$current"
            case '*'
                echo $line
        end
    end
end
complete -c postmulti -f -a '(__postmulti_words)'
`,
}

export type Shell = keyof typeof completionScripts

export const shells = Object.keys(completionScripts) as Shell[]
