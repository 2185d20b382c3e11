const { UsualBinding } = require("./binding");
const { bindings } = require("../programs/declared");

for (const { name, ...args } of bindings()) new UsualBinding(name, args);
