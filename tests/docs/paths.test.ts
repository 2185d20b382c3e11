import { existsSync, readFileSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { repository, texts } from "./pages";

const textOf = (path: string): string => readFileSync(join(repository, path), "utf8");
const pages: Readonly<Record<string, string>> = {
  ...texts,
  ...Object.fromEntries(
    ["README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md"].map((page) => [page, textOf(page)]),
  ),
};

/** The folders of the repository, without built and installed files. */
const folders = readdirSync(repository, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && !["dist", "dist-sdks", "node_modules"].includes(entry.name))
  .map(({ name }) => name.replace(".", "\\."));
const path = new RegExp(String.raw`(?<![\w/.@-])(?:${folders.join("|")})/[\w./-]*`, "g");

/** Every path of the repository in a text. */
const pathsIn = (text: string): string[] =>
  [...text.matchAll(path)].map(([found]) => found.replace(/[.-]+$/, ""));

test("paths are found in prose and in commands", () => {
  expect(pathsIn("See `sdk/index.ts`, tests/docs/, and make test ARGS=tests/cli.")).toEqual([
    "sdk/index.ts",
    "tests/docs/",
    "tests/cli",
  ]);
  expect(pathsIn("Import pulumi-dt/policy, not ../policy/index.ts")).toEqual([]);
});

test.each(Object.entries(pages))("every path that %s names exists", (page, text) => {
  expect(pathsIn(text).filter((each) => !existsSync(join(repository, each)))).toEqual([]);
  if (page === "CONTRIBUTING.md") expect(pathsIn(text).length).toBeGreaterThan(15);
});

/** The anchors of a page's headings, as GitHub generates them. */
const anchorsOf = (text: string): string[] =>
  [...text.matchAll(/^#+ (.*)$/gm)].map(([, title = ""]) =>
    title
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, "")
      .replace(/\s/g, "-"),
  );

test.each(Object.entries(pages))("every link to a heading in %s leads to an existing one", (page, text) => {
  const links = [...text.matchAll(/\]\(([^)#:]*)#([^)]+)\)/g)];
  const missing = links.filter(
    ([, target = "", anchor = ""]) =>
      !anchorsOf(target === "" ? text : textOf(join(dirname(page), target))).includes(anchor),
  );
  expect(missing.map(([link]) => link)).toEqual([]);
});
