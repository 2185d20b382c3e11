import { chmodSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { join } from "node:path";

/** An issue in the stand-ins below. */
export interface Issue {
  number: number;
  title: string;
  body: string;
  isOpen: boolean;
}

/**
 * A stand-in for GitHub's `gh`, which is not available everywhere. It knows only the commands of the example,
 * with the same flags, and any other command fails.
 *
 * @returns the folder to put on PATH, and the issues so far
 */
export function standInGh(folder: string): { folder: string; issues: () => Issue[] } {
  const store = join(folder, "issues.json");
  writeFileSync(store, "[]");
  const script = `#!/usr/bin/env node
const { readFileSync, writeFileSync } = require("node:fs");
const [, , noun, verb, ...args] = process.argv;
const issues = JSON.parse(readFileSync(${JSON.stringify(store)}, "utf8"));
const flag = (name) => args[args.indexOf(name) + 1];
if (!process.env.GH_TOKEN || !process.env.GH_REPO) throw new Error("no token or repository");
const number = Number(args[0]);
const verbs = {
  "label create": () => { if (!args.includes("--force")) throw new Error("exists"); },
  "issue list": () => {
    if (flag("--jq") !== ".[0].number // empty") throw new Error("unknown filter");
    console.log(issues.find((issue) => issue.isOpen)?.number ?? "");
  },
  "issue create": () => issues.push({ number: issues.length + 1, title: flag("--title"), body: readFileSync(flag("--body-file"), "utf8"), isOpen: true }),
  "issue edit": () => (issues.find((issue) => issue.number === number).body = readFileSync(flag("--body-file"), "utf8")),
  "issue close": () => (issues.find((issue) => issue.number === number).isOpen = false),
};
verbs[noun + " " + verb]();
writeFileSync(${JSON.stringify(store)}, JSON.stringify(issues));
`;
  writeFileSync(join(folder, "gh"), script);
  chmodSync(join(folder, "gh"), 0o755);
  return { folder, issues: () => JSON.parse(readFileSync(store, "utf8")) as Issue[] };
}

/** A stand-in for the issues of a GitLab project, on a real socket. */
export async function standInGitLab(): Promise<{
  url: string;
  token: string;
  issues: Issue[];
  close: () => void;
}> {
  const issues: Issue[] = [];
  const token = "glpat-of-a-test";
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      const answer = (status: number, value: unknown): void => {
        response.writeHead(status, { "content-type": "application/json" });
        response.end(JSON.stringify(value));
      };
      if (request.headers["private-token"] !== token) {
        answer(401, {});
        return;
      }
      const given = (body === "" ? {} : JSON.parse(body)) as Record<string, string>;
      const [, iid] = /\/issues\/(\d+)$/.exec(request.url ?? "") ?? [];
      const shown = ({ number, title }: Issue) => ({ iid: number, title });
      if (request.method === "GET") answer(200, issues.filter(({ isOpen }) => isOpen).map(shown));
      else if (request.method === "POST") {
        const made = {
          number: issues.length + 1,
          title: given.title ?? "",
          body: given.description ?? "",
          isOpen: true,
        };
        issues.push(made);
        answer(201, shown(made));
      } else {
        const issue = issues.find(({ number }) => number === Number(iid))!;
        if (given.state_event === "close") issue.isOpen = false;
        if (given.description !== undefined) issue.body = given.description;
        answer(200, shown(issue));
      }
    });
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/api/v4`, token, issues, close: () => server.close() };
}

/** A stand-in for the comments of one pull request on GitHub or of one merge request on GitLab, on a real socket. */
export async function standInComments(): Promise<{
  url: string;
  token: string;
  /** The texts, in the order of their creation. */
  comments: string[];
  close: () => void;
}> {
  const token = "token-of-a-test";
  const comments = Array.from({ length: 100 }, (_, index) => `an older comment ${index}`);
  const list =
    /^\/(repos\/company\/access\/issues\/5\/comments|projects\/7\/merge_requests\/5\/notes)(\?.*)?$/;
  const one = /^\/(repos\/company\/access\/issues\/comments|projects\/7\/merge_requests\/5\/notes)\/(\d+)$/;
  const server = createServer((request, response) => {
    void text(request).then((content) => {
      const { method = "", url = "", headers } = request;
      const answer = (status: number, value: unknown): void => {
        response.writeHead(status, { "content-type": "application/json" });
        response.end(JSON.stringify(value));
      };
      const isAllowed = headers["private-token"] === token || headers.authorization === `Bearer ${token}`;
      const { body = "" } = (content === "" ? {} : JSON.parse(content)) as { body?: string };
      const [, , id] = one.exec(url) ?? [];
      if (!isAllowed) answer(401, {});
      else if (id !== undefined && method === (url.startsWith("/repos") ? "PATCH" : "PUT")) {
        comments[Number(id)] = body;
        answer(200, {});
      } else if (!list.test(url)) answer(404, {});
      else if (method === "POST") answer(201, comments.push(body));
      else {
        const page = Number(new URLSearchParams(url.split("?")[1]).get("page") ?? 1);
        const all = comments.map((each, index) => ({ id: index, body: each }));
        answer(200, all.slice((page - 1) * 100, page * 100));
      }
    });
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, token, comments, close: () => server.close() };
}
