import * as pulumi from "@pulumi/pulumi";

/** A word of a POSIX shell, whatever is in it. */
export const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/** A shell text; what is put in is one word each. */
export const shell = (
  texts: TemplateStringsArray,
  ...words: readonly pulumi.Input<string>[]
): pulumi.Output<string> =>
  pulumi.all([...words]).apply((known) => texts.map((text, index) => text + wordAt(known, index)).join(""));

const wordAt = (words: readonly string[], index: number): string => {
  const word = words[index];
  return word === undefined ? "" : quoted(word);
};

/**
 * Writes standard input to a file that its owner alone can read. It is there as a whole or not at all, since it is moved into
 * place; a consumer reads the old text or the new one. Empty input is refused.
 *
 * @param owner who is to own it, as `chown` takes it; empty leaves it to whoever runs the command
 */
export const writeFile = (
  file: pulumi.Input<string>,
  owner: pulumi.Input<string> = "",
): pulumi.Output<string> =>
  shell`set -eu
umask 077
file=${file} owner=${owner}
folder=$(dirname -- "$file")
mkdir -p -- "$folder"
new=$(mktemp "$folder/.new-XXXXXXXX")
trap 'rm -f -- "$new"' EXIT
cat > "$new"
test -s "$new"
[ -z "$owner" ] || chown -- "$owner" "$new"
mv -f -- "$new" "$file"`;

export const removeFile = (file: pulumi.Input<string>): pulumi.Output<string> => shell`rm -f -- ${file}`;
