import { shellQuoted } from "../../provider/api/text/shellQuoted.js";
import type { CommandWords, Value } from "./words.js";

/** The completion script of zsh. It can be sourced, or stored as `_pulumi-dt` in a folder of `$fpath`. */
export const zsh = (commands: readonly CommandWords[]): string => `#compdef pulumi-dt
# Completion of pulumi-dt for zsh
_pulumi-dt() {
  local command='' word
  local -a offers
  for word in "\${(@)words[2,CURRENT-1]}"; do
    if [[ $word != -* ]]; then
      command=$word
      break
    fi
  done
  case $command in
    '' | help)
      offers=(${commands.map(({ name, summary }) => described(name, summary)).join(" ")})
      _describe command offers
      return
      ;;
${commands.map(branch).join("")}  esac
}
if [ "$funcstack[1]" = "_pulumi-dt" ]; then
  _pulumi-dt "$@"
else
  compdef _pulumi-dt pulumi-dt
fi
`;

function branch({ name, options, operands }: CommandWords): string {
  const values = options.flatMap(({ long, value }) =>
    value.kind === "none" ? [] : [`        ${long}) ${offer(value)}; return ;;\n`],
  );
  return `    ${name})
      case "\${words[CURRENT-1]}" in
${values.join("")}      esac
      if [[ "\${words[CURRENT]}" == -* ]]; then
        offers=(${options.map(({ long, description }) => described(long, description)).join(" ")})
        _describe option offers
      else
        ${offer(operands)}
      fi
      ;;
`;
}

/** `_describe` reads a word, a colon and a description. */
const described = (word: string, description: string): string =>
  shellQuoted(`${word}:${description.replaceAll("\n", " ")}`);

function offer(value: Value): string {
  switch (value.kind) {
    case "words":
      return `compadd -- ${value.words.map(shellQuoted).join(" ")}`;
    case "file":
      return "_files";
    case "none":
    case "text":
      return ":";
  }
}
