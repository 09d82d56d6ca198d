import { UsageError } from '../exit-code.js';

/** What can be completed after a verb. */
export interface CompletedVerb {
  /** The name and its other spellings. */
  names: string[];
  flags: string[];
}

const NAMES = `-o 'jsonpath={range .items[*]}{.metadata.name}{"\\n"}{end}'`;
const KINDS = 'agents teams models tools queries memories mcpservers a2aservers a2atasks executionengines arkconfigs';
const ASKED = ['agent', 'team', 'model', 'tool', 'query'];
const SHELLS = ['bash', 'zsh', 'fish'];

/** A script that completes verbs, flags, kinds, and names of objects live from the cluster; for `ark` and `fark`. */
export function completionScript(shell: string, verbs: CompletedVerb[]): string {
  if (shell === 'bash') return bash(verbs);
  if (shell === 'zsh')
    return `autoload -U +X compinit && compinit -u\nautoload -U +X bashcompinit && bashcompinit\n${bash(verbs)}`;
  if (shell === 'fish') return fish(verbs);
  throw new UsageError(`No completion for "${shell}"; there is bash, zsh and fish.`);
}

const allNames = (verbs: CompletedVerb[]) => verbs.flatMap((verb) => verb.names).toSorted();
const askedNames = (verbs: CompletedVerb[]) =>
  verbs.filter((verb) => verb.names.some((name) => ASKED.includes(name))).flatMap((verb) => verb.names);

const bash = (verbs: CompletedVerb[]) => `_ark_completion() {
  local program="\${COMP_WORDS[0]}" word="\${COMP_WORDS[COMP_CWORD]}" verb="\${COMP_WORDS[1]}" kind="\${COMP_WORDS[2]}"
  local offer=""
  if [ "$COMP_CWORD" -eq 1 ]; then offer="${allNames(verbs).join(' ')}"
  elif [ "\${word#-}" != "$word" ]; then
    case "$verb" in
${verbs.map(({ names, flags }) => `      ${names.join('|')}) offer="${flags.join(' ')}" ;;`).join('\n')}
    esac
  elif [ "$COMP_CWORD" -eq 2 ]; then
    case "$verb" in
      get|delete) offer="${KINDS}" ;;
      ${askedNames(verbs).join('|')}) offer="$("$program" get "$verb" ${NAMES} 2>/dev/null)" ;;
      completion) offer="${SHELLS.join(' ')}" ;;
    esac
  elif [ "$COMP_CWORD" -eq 3 ] && { [ "$verb" = get ] || [ "$verb" = delete ]; }; then
    offer="$("$program" get "$kind" ${NAMES} 2>/dev/null)"
  fi
  COMPREPLY=($(compgen -W "$offer" -- "$word"))
}
complete -o default -F _ark_completion ark fark
`;

const fish = (verbs: CompletedVerb[]) => `for program in ark fark
  complete -c $program -f
  complete -c $program -n __fish_use_subcommand -a "${allNames(verbs).join(' ')}"
${verbs.map((verb) => `  complete -c $program -n "__fish_seen_subcommand_from ${verb.names.join(' ')}" -a "${verb.flags.join(' ')}"`).join('\n')}
  complete -c $program -n "__fish_seen_subcommand_from get delete; and test (count (commandline -opc)) -eq 2" -a "${KINDS}"
  complete -c $program -n "__fish_seen_subcommand_from get delete; and test (count (commandline -opc)) -eq 3" \\
    -a "($program get (commandline -opc)[3] ${NAMES} 2>/dev/null)"
  complete -c $program -n "__fish_seen_subcommand_from completion" -a "${SHELLS.join(' ')}"
  for verb in ${askedNames(verbs).join(' ')}
    complete -c $program -n "__fish_seen_subcommand_from $verb; and test (count (commandline -opc)) -eq 2" \\
      -a "($program get $verb ${NAMES} 2>/dev/null)"
  end
end
`;
