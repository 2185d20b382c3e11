/** A changelog as Keep a Changelog has it: its sections start with `## [VERSION]`. */

/** The text of a version's section. @throws Error where it is missing or empty */
export function sectionOf(changelog: string, version: string): string {
  const [, ...sections] = changelog.split(/^## /m);
  const section = sections.find((each) => each.startsWith(`[${version}]`));
  const text = section?.slice(section.indexOf("\n")).trim() ?? "";
  if (text === "") throw new Error(`CHANGELOG.md has nothing to say about ${version}`);
  return text;
}

/** The changelog with the unreleased section as the section of a version. */
export function released(changelog: string, version: string, date: string): string {
  sectionOf(changelog, "Unreleased");
  return changelog.replace("## [Unreleased]\n", `## [Unreleased]\n\n## [${version}] - ${date}\n`);
}
