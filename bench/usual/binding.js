// The same resource as people usually write it. Pulumi serializes the dynamic provider into every state, and
// each call sends one request.
const pulumi = require("@pulumi/pulumi");

const provider = {
  async call(method, path, body) {
    const { DT_API_URL, DT_API_KEY_ID, DT_API_KEY_SECRET } = process.env;
    const basic = Buffer.from(`${DT_API_KEY_ID}:${DT_API_KEY_SECRET}`).toString("base64");
    for (;;) {
      const response = await fetch(`${DT_API_URL}/${path}`, {
        method,
        headers: { authorization: `Basic ${basic}`, "content-type": "application/json" },
        ...(body && { body: JSON.stringify(body) }),
      });
      if (response.ok) return await response.json();
      if (response.status !== 429)
        throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
      await new Promise((resolve) =>
        setTimeout(resolve, 1000 * Number(response.headers.get("retry-after") ?? 5)),
      );
    }
  },
  async create({ project, member, role }) {
    const made = await this.call("POST", `${project}/members`, { email: member, roles: [`roles/${role}`] });
    return {
      id: made.name,
      outs: { project, member, role, memberId: made.name.split("/").pop(), status: made.status },
    };
  },
  async read(id, props) {
    const { roles, status } = await this.call("GET", id);
    const role = roles[0].slice("roles/".length);
    return { id, props: { ...props, role, status } };
  },
  async diff(_id, olds, news) {
    const replaces = ["project", "member"].filter((name) => olds[name] !== news[name]);
    return { changes: replaces.length > 0 || olds.role !== news.role, replaces };
  },
  async update(id, olds, { project, member, role }) {
    const { status } = await this.call("PATCH", id, { roles: [`roles/${role}`] });
    return { outs: { ...olds, project, member, role, status } };
  },
  async delete(id) {
    await this.call("DELETE", id);
  },
};

exports.UsualBinding = class extends pulumi.dynamic.Resource {
  constructor(name, args) {
    super(provider, name, { ...args, memberId: undefined, status: undefined });
  }
};
