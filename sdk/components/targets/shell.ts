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
 * Finds out where a file really is: a path that begins with `-` is no option, and behind a symbolic link is what its readers read.
 * Fails where something else than a file is there, such as a folder, into which a file would be moved.
 */
const locate = (path: pulumi.Input<string>): pulumi.Output<string> => shell`set -eu
umask 077
file=${path}
case $file in
'') echo "the path of the file is empty" >&2; exit 1 ;;
*/) echo "$file names a folder, and not a file" >&2; exit 1 ;;
-*) file=./$file ;;
esac
links=0
while [ -h "$file" ]; do
  links=$((links + 1))
  [ "$links" -le 40 ] || { echo "$file is a symbolic link that leads nowhere" >&2; exit 1; }
  target=$(readlink -- "$file")
  case $target in /*) file=$target ;; *) file=$(dirname -- "$file")/$target ;; esac
done
folder=$(dirname -- "$file") new=$(dirname -- "$file")/.$(basename -- "$file").new-`;

/**
 * Writes standard input to a file that its owner alone can read. It is there as a whole or not at all, since it is moved into
 * place; a consumer reads the old text or the new one. Empty input is refused. What a killed delivery has left is taken away.
 *
 * @param owner who is to own it, as `chown` takes it; empty leaves it to whoever runs the command
 */
export const writeFile = (
  file: pulumi.Input<string>,
  owner: pulumi.Input<string> = "",
): pulumi.Output<string> => pulumi.interpolate`${locate(file)}
[ ! -e "$file" ] || [ -f "$file" ] || { echo "$file is there, and is no file: nothing was written" >&2; exit 1; }
${shell`owner=${owner}`}
if [ -z "$owner" ]; then mkdir -p -- "$folder"; else (umask 022; mkdir -p -- "$folder"); fi
rm -f -- "$new"*
new=$(mktemp "$new"XXXXXXXX)
trap 'rm -f -- "$new"' EXIT
trap 'exit 1' HUP INT TERM
cat > "$new"
test -s "$new"
[ -z "$owner" ] || chown -- "$owner" "$new"
mv -f -- "$new" "$file"`;

/**
 * Removes a file, and what a killed delivery has left of it, if the file still holds what was delivered: standard input. Another text
 * is another delivery's, such as that of a resource under a new name. Where there is no file, nothing was delivered.
 */
export const removeFile = (file: pulumi.Input<string>): pulumi.Output<string> =>
  pulumi.interpolate`${locate(file)}
rm -f -- "$new"*
[ -f "$file" ] || exit 0
delivered=$(cat)
if [ -n "$delivered" ] && [ "$(cat -- "$file")" != "$delivered" ]; then
  echo "kept $file: it does not hold what this resource delivered, so another one has written it since" >&2
  exit 0
fi
rm -f -- "$file"`;
