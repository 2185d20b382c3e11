// Opens, updates and closes one GitLab issue about access drift. The job access-drift in gitlab-ci.yml runs it.
// Usage: node drift-issue.mjs EXIT_CODE BODY_FILE
import { readFileSync } from "node:fs";

const label = "access-drift";
const [code, file] = process.argv.slice(2);
const { CI_API_V4_URL, CI_PROJECT_ID, DRIFT_ISSUE_TOKEN } = process.env;
if (!CI_API_V4_URL || !CI_PROJECT_ID || !DRIFT_ISSUE_TOKEN)
  throw new Error("set DRIFT_ISSUE_TOKEN; GitLab sets the rest");

async function issues(method, path, body) {
  const response = await fetch(`${CI_API_V4_URL}/projects/${CI_PROJECT_ID}/issues${path}`, {
    method,
    headers: { "PRIVATE-TOKEN": DRIFT_ISSUE_TOKEN, "content-type": "application/json" },
    body: body && JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${method} issues${path}: ${response.status}`);
  return response.json();
}

const [open] = await issues("GET", `?labels=${label}&state=opened&per_page=1`);
if (code === "0") {
  if (open) await issues("PUT", `/${open.iid}`, { state_event: "close" });
} else if (code === "2" || code === "3") {
  const description = readFileSync(file, "utf8");
  if (open) await issues("PUT", `/${open.iid}`, { description });
  else await issues("POST", "", { title: "Access drift", labels: label, description });
}
