import type { CommandWords } from "./words.js";

/** The completion script of bash 3.2 and later. Bash completes file names where the function offers nothing. */
export const bash = (commands: readonly CommandWords[]): string => `# Completion of pulumi-dt for bash
_pulumi_dt() {
  local current=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD - 1]} command='' offers='' index
  for ((index = 1; index < COMP_CWORD; index++)); do
    if [[ \${COMP_WORDS[index]} != -* ]]; then
      command=\${COMP_WORDS[index]}
      break
    fi
  done
  COMPREPLY=()
  case $command in
    '' | help)
      offers='${commands.map(({ name }) => name).join(" ")} help --help --version'
      ;;
${commands.map(branch).join("")}  esac
  COMPREPLY=($(compgen -W "$offers" -- "$current"))
}
complete -o default -F _pulumi_dt pulumi-dt
`;

function branch({ name, options, operands }: CommandWords): string {
  const all = options.map(({ long }) => long).join(" ");
  const withWords = options.flatMap(({ long, value }) =>
    value.kind === "words" ? [`        ${long}) offers='${value.words.join(" ")}' ;;\n`] : [],
  );
  const withText = options.filter(({ value }) => value.kind === "file" || value.kind === "text");
  const nothing =
    withText.length === 0 ? "" : `        ${withText.map(({ long }) => long).join(" | ")}) ;;\n`;
  const offered = operands.kind === "words" ? `${operands.words.join(" ")} ${all}` : all;
  const offer = `offers='${offered}'`;
  return `    ${name})
      case $previous in
${withWords.join("")}${nothing}        *) ${operands.kind === "file" ? `[[ $current != -* ]] || ${offer}` : offer} ;;
      esac
      ;;
`;
}
