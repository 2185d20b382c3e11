import { execa } from "execa";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { paragraphsIn } from "../../tools/prose/comments";
import { findingsIn } from "../../tools/prose/findings";
import { longestSentence, rules } from "../../tools/prose/rules";
import { scratchFolder } from "../engine/harness/scratch";

/** A sentence that is hard to read, the words to report, and the sentence as a native speaker would write it. */
const sentences: readonly [bad: string, words: string, good: string][] = [
  ["Whoever runs this is an administrator.", "Whoever", "Everybody who runs this is an administrator."],
  ["It removes only whom it has shown.", "whom", "It removes only members that it has shown."],
  ["Entries that fit nothing are told of.", "told of", "Entries that match nothing are reported."],
  ["What pages speak of is in the glossary.", "speak of", "The glossary has the terms that pages use."],
  ["Where no room is left, that is said.", "that is said", "If no room is left, the run fails."],
  ["In so many words.", "so many", "In two words."],
  ["She is not a member any more.", "any more", "She is no longer a member. Do you need any more requests?"],
  ["It is a key no more.", "no more", "It sends no more than one request."],
  [
    "A due rotation is no drift.",
    "is no drift",
    "A due rotation is not drift. There is no limit. It is no longer due.",
  ],
  ["The list is for that which stays.", "that which", "The list is for everything that stays."],
  ["The day by which exceptions are judged.", "by which", "The date used to check exceptions."],
  ["It takes it for an answer.", "takes it for an", "It treats it as an answer. It takes a minute for each."],
  ["The membership is taken for it.", "taken for it", "The membership is treated as the new one."],
  ["It took over the account.", "took over", "It adopted the account."],
  ["Gone is only what is proven.", "Gone is", "A resource is gone only if the API proves it. It is gone."],
  [
    "What is malformed is told.",
    "What is malformed is told.",
    "Malformed input is reported. What happens now?",
  ],
  ["Where it fails, it says so.", "Where it fails, it says so.", "If it fails, it says so. Where is it?"],
  ["Mend the design first.", "Mend", "Fix the design first. This is a recommendation."],
  ["The projects in reach.", "in reach", "The visible projects."],
  ["A look-up runs later.", "look-up", "A lookup runs later. Look up the id."],
  ["All that a user sees.", "All that", "Everything that a user sees. All of that."],
  ["It reads nothing but names.", "nothing but", "It reads only names."],
  [
    "The consumer is to be restarted.",
    "is to be",
    "The consumer must be restarted. It is about to be restarted.",
  ],
  ["It fails all the same.", "all the same", "It fails anyway. They are all different."],
  ["Likewise for keys.", "Likewise", "Keys, too."],
  ["The old key goes on working.", "goes on", "The old key keeps working."],
  ["The next update goes by it.", "goes by", "The next update uses it."],
  ["A membership that came about then.", "came about", "A membership that was created then."],
  ["Policies see secrets in clear.", "in clear", "Policies see secrets in plaintext, in clear text."],
  ["Two keys of ours.", "of ours", "Two of our keys."],
  ["Who may reach what.", "Who may reach what", "The table shows who can access what."],
  ["An administrator makes keys.", "makes keys", "An administrator creates keys. This makes batches larger."],
  ["The previous key goes when it is over.", "key goes", "The previous key is deleted. Go to the project."],
  ["One PATCH a resource.", "One PATCH a resource", "One PATCH for each resource. A member of a project."],
];

const wordsIn = (text: string): string[] =>
  findingsIn(text).map(({ message }) => /^"(.*?…?)": /.exec(message)?.[1] ?? message);

test.each(sentences)("%s", (bad, words, good) => {
  expect(wordsIn(bad)).toContain(words);
  expect(wordsIn(good)).toEqual([]);
});

test("every rule has a sentence that it finds", () => {
  const unused = rules.filter(({ pattern }) => !sentences.some(([bad]) => pattern.test(bad)));
  expect(unused).toEqual([]);
});

test("a sentence may have as many words as the limit, and code counts as a word", () => {
  const words = Array.from({ length: longestSentence - 1 }, () => "word").join(" ");
  expect(wordsIn(`Short. ${words} \`pulumi up --yes\`.`)).toEqual([]);
  const [finding] = findingsIn(`Short. ${words} word word.`);
  expect(finding).toMatchObject({ index: "Short. ".length });
});

test("code, links and HTML are not prose", () => {
  expect(wordsIn("Run `whoever`, see [this](whoever.md), {@link whomever} and <!-- so many -->.")).toEqual(
    [],
  );
});

/** The paragraphs of comments, as words. */
function proseOf(source: string): string[] {
  const comments = [...source.matchAll(/\/\*[^]*?\*\/|\/\/.*/g)].map(({ 0: text, index }) => ({
    type: text.startsWith("//") ? "Line" : "Block",
    value: "",
    range: [index, index + text.length] as [number, number],
  }));
  return paragraphsIn(source, comments).map(({ index, text }) => {
    expect(index + text.length).toBeLessThanOrEqual(source.length);
    return text.trim().replace(/\s+/g, " ");
  });
}

test("comments become paragraphs, without stars, tags, examples and directives", () => {
  expect(proseOf("// One text\n// in two lines.\nconst a = 1; // Another one.")).toEqual([
    "One text in two lines.",
    "Another one.",
  ]);
  const doc = "/**\n * First.\n *\n * Second.\n * @param name the name\n * @returns it\n */";
  expect(proseOf(doc)).toEqual(["First.", "Second.", "the name", "it"]);
  expect(proseOf("/**\n * Text.\n * @example\n * ```ts\n * so many\n * ```\n */")).toEqual(["Text."]);
  expect(proseOf("// eslint-disable-next-line whatever -- so many reasons")).toEqual([]);
});

const main = resolve(__dirname, "../../tools/prose/main.ts");

/** Runs the linter in a folder with these files. */
async function lint(files: Readonly<Record<string, string>>) {
  const folder = scratchFolder();
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  const tsx = pathToFileURL(require.resolve("tsx")).href;
  return execa(process.execPath, ["--import", tsx, main], {
    cwd: folder,
    env: { NO_COLOR: "1", TSX_TSCONFIG_PATH: resolve(__dirname, "../../tsconfig.json") },
    reject: false,
    all: true,
  });
}

test("pages and comments are checked, with the place of the words", async () => {
  const { exitCode, all } = await lint({
    "README.md": "# Title\n\nFine.\n\nRun it, whoever\nyou are.\n",
    "docs/page.md": "| a |\n| - |\n| so many |\n",
    "examples/a/index.ts": "const a = 1;\n// Whoever leaves.\nexport const whoever = a;\n",
  });
  expect(exitCode).toBe(1);
  for (const words of [
    /README\.md\n +5:9 .*"whoever"/,
    /page\.md\n +3:3 .*"so many"/,
    /index\.ts\n +2:4 .*"Whoever"/,
  ])
    expect(all).toMatch(words);
  expect(all).toContain("3 problems");
});

test("plain pages and comments pass", async () => {
  const { exitCode, all } = await lint({
    "README.md": "Plain.\n",
    "docs/page.md": "`so many`\n",
    "provider/a.ts": "// Plain.\n",
    "examples/a.ts": "/* eslint-disable */ // Plain.\n",
  });
  expect([exitCode, all]).toEqual([0, ""]);
});
