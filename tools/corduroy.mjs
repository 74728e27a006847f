// What ./corduroy starts: installs what is missing, then runs the CLI in this very process, so that arguments, stdin and signals are untouched.
// Old syntax only, see packages/cli/bin/node-version.mjs.
import { requireNode } from "../packages/cli/bin/node-version.mjs";

requireNode();
import("./dependencies.mjs")
  .then((module) => module.ensureDependencies())
  .then(
    () => import("../packages/cli/bin/corduroy.mjs"),
    (error) => {
      process.stderr.write("corduroy: " + error.message + "\n");
      process.exit(2);
    },
  );
