// The program that is measured: role bindings as a user would declare them.
const dt = require("pulumi-dt");
const { bindings } = require("./declared");

for (const { name, ...args } of bindings()) new dt.ProjectRoleBinding(name, args);
