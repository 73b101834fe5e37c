// Reads DMN files with dmn-moddle, the parser of the modeller of bpmn.io; fails where it complains.
// node read_with_moddle.js FILE...      NODE_PATH names the folder in which dmn-moddle is installed.
const fs = require('fs');
const path = require('path');

async function load() {
  for (const folder of (process.env.NODE_PATH || 'node_modules').split(path.delimiter)) {
    const home = path.join(folder, 'dmn-moddle');
    if (!fs.existsSync(home)) continue;
    const about = JSON.parse(fs.readFileSync(path.join(home, 'package.json'), 'utf8'));
    const entry = about.exports?.['.']?.import || about.module || about.main;
    const found = await import(path.join(path.resolve(home), typeof entry === 'string' ? entry : entry.default));
    return [found.DmnModdle || found.default, about.version];
  }
  throw new Error('dmn-moddle is not installed');
}

(async () => {
  const [DmnModdle, version] = await load();
  let faults = 0;
  for (const file of process.argv.slice(2)) {
    const { rootElement, warnings } = await new DmnModdle().fromXML(fs.readFileSync(file, 'utf8'));
    const decisions = rootElement.drgElement.filter((one) => one.$type === 'dmn:Decision').length;
    for (const warning of warnings) console.log(`${file}: ${warning.message}`);
    if (warnings.length || !decisions || !rootElement.dmnDI) faults += 1;
  }
  console.log(`dmn-moddle ${version}: ${process.argv.length - 2} files, ${faults} with complaints`);
  process.exit(faults ? 1 : 0);
})().catch((error) => {
  console.log(String(error));
  process.exit(1);
});
