// Writes one comment with the access review into a pull request (GitHub) or a merge request (GitLab), and updates that comment later.
// github-preview.yml and gitlab-ci.yml run it. Usage: node review-comment.mjs REVIEW_FILE
import { readFileSync } from "node:fs";

const [file] = process.argv.slice(2);
const body = readFileSync(file, "utf8");
// The first line names the stack. It tells this comment from all others.
const [mark] = body.split("\n", 1);

const { GITHUB_API_URL, GITHUB_REPOSITORY, GITHUB_TOKEN, PULL_REQUEST } = process.env;
const { CI_API_V4_URL, CI_PROJECT_ID, CI_MERGE_REQUEST_IID, REVIEW_COMMENT_TOKEN } = process.env;

const tracker = CI_API_V4_URL
  ? {
      list: `${CI_API_V4_URL}/projects/${CI_PROJECT_ID}/merge_requests/${CI_MERGE_REQUEST_IID}/notes`,
      one: (id) =>
        `${CI_API_V4_URL}/projects/${CI_PROJECT_ID}/merge_requests/${CI_MERGE_REQUEST_IID}/notes/${id}`,
      update: "PUT",
      headers: { "PRIVATE-TOKEN": REVIEW_COMMENT_TOKEN },
    }
  : {
      list: `${GITHUB_API_URL}/repos/${GITHUB_REPOSITORY}/issues/${PULL_REQUEST}/comments`,
      one: (id) => `${GITHUB_API_URL}/repos/${GITHUB_REPOSITORY}/issues/comments/${id}`,
      update: "PATCH",
      headers: { authorization: `Bearer ${GITHUB_TOKEN}`, accept: "application/vnd.github+json" },
    };
if (!REVIEW_COMMENT_TOKEN && !GITHUB_TOKEN)
  throw new Error("set GITHUB_TOKEN on GitHub, or REVIEW_COMMENT_TOKEN on GitLab");

async function call(method, url, content) {
  const response = await fetch(url, {
    method,
    headers: { ...tracker.headers, "content-type": "application/json" },
    body: content && JSON.stringify(content),
  });
  if (!response.ok) throw new Error(`${method} ${new URL(url).pathname}: ${response.status}`);
  return response.json();
}

async function findComment() {
  for (let page = 1; ; page++) {
    const comments = await call("GET", `${tracker.list}?per_page=100&page=${page}`);
    const found = comments.find((comment) => comment.body.startsWith(mark));
    if (found || comments.length < 100) return found;
  }
}

const comment = await findComment();
if (comment) await call(tracker.update, tracker.one(comment.id), { body });
else await call("POST", tracker.list, { body });
