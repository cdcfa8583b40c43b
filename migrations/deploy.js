// `anchor migrate` runs this file and nothing else; the work is in the script beside it. More
// options come in THAW_DEPLOY_ARGS, such as "--admin <vault> --dry-run".
const { spawnSync } = require("node:child_process");
const { homedir } = require("node:os");
const { join } = require("node:path");

module.exports = (provider) => {
  const more = (process.env.THAW_DEPLOY_ARGS ?? "").split(/\s+/).filter(Boolean);
  const args = ["--url", provider.connection.rpcEndpoint];
  const wallet = process.env.ANCHOR_WALLET?.replace(/^~(?=\/)/, homedir());
  if (wallet) args.push("--keypair", wallet);
  const ran = spawnSync(join(__dirname, "deploy"), [...args, ...more], { stdio: "inherit" });
  if (ran.error) console.error(ran.error.message);
  process.exit(ran.status ?? 1);
};
