import * as pulumi from "@pulumi/pulumi";

/** Quotes any text as one word of a POSIX shell. */
export const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/** A shell script. Each inserted value becomes one word. */
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
 * Resolves the path of a file. A path that starts with `-` must not be read as an option. A symbolic link is followed,
 * because the file's readers follow it. Fails if the path names a folder, because `mv` would move the new file into the
 * folder.
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
 * Writes standard input to a file that only its owner can read. The new file is moved into place, so a reader sees the
 * old content or the new content, never a part. Refuses empty input. Removes the leftovers of a killed delivery.
 *
 * @param owner the file's owner, as an argument of `chown`; if empty, the user who runs the command
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
 * Removes a file if its content is still what was delivered, which is standard input. A different content belongs to
 * another delivery, such as the delivery of a resource with a new name. Also removes the leftovers of a killed
 * delivery. Succeeds if there is no file, because then nothing was delivered.
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
