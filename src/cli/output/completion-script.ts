import { UsageError } from '../exit-code.js';

const NAMES = `-o 'jsonpath={range .items[*]}{.metadata.name}{"\\n"}{end}'`;
const KINDS = 'agents teams models tools queries memories mcpservers a2aservers a2atasks executionengines arkconfigs';

/** A script that completes verbs, kinds, and names of objects live from the cluster. */
export function completionScript(shell: string, program: string, verbs: string[]): string {
  const words = verbs.join(' ');
  if (shell === 'bash') return bash(program, words);
  if (shell === 'zsh') return `autoload -U +X bashcompinit && bashcompinit\n${bash(program, words)}`;
  if (shell === 'fish') return fish(program, words);
  throw new UsageError(`No completion for "${shell}"; there is bash, zsh and fish.`);
}

const bash = (program: string, verbs: string) => `_${program}() {
  local word="\${COMP_WORDS[COMP_CWORD]}" verb="\${COMP_WORDS[1]}" kind="\${COMP_WORDS[2]}" offer=""
  if [ "$COMP_CWORD" -eq 1 ]; then offer="${verbs}"
  elif [ "$COMP_CWORD" -eq 2 ]; then
    case "$verb" in
      get|delete) offer="${KINDS}" ;;
      agent|agents|team|teams|model|models|tool|tools|query|queries)
        offer="$(${program} get "$verb" ${NAMES} 2>/dev/null)" ;;
      completion) offer="bash zsh fish" ;;
    esac
  elif [ "$COMP_CWORD" -eq 3 ] && { [ "$verb" = get ] || [ "$verb" = delete ]; }; then
    offer="$(${program} get "$kind" ${NAMES} 2>/dev/null)"
  fi
  COMPREPLY=($(compgen -W "$offer" -- "$word"))
}
complete -o default -F _${program} ${program}
`;

const fish = (program: string, verbs: string) => `complete -c ${program} -f
complete -c ${program} -n __fish_use_subcommand -a "${verbs}"
complete -c ${program} -n "__fish_seen_subcommand_from get delete" -a "${KINDS}"
for verb in agent team model tool query
  complete -c ${program} -n "__fish_seen_subcommand_from $verb" -a "(${program} get $verb ${NAMES} 2>/dev/null)"
end
`;
