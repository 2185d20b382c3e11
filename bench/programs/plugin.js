// The same role bindings through the provider plugin, as an SDK that Pulumi generates declares them.
const pulumi = require("@pulumi/pulumi");
const { bindings } = require("./declared");

const outputs = { memberId: undefined, status: undefined, accountType: undefined, displayName: undefined };
class ProjectRoleBinding extends pulumi.CustomResource {
  constructor(name, args) {
    super("disruptive:index:ProjectRoleBinding", name, { ...outputs, ...args });
  }
}
for (const { name, ...args } of bindings()) new ProjectRoleBinding(name, args);
