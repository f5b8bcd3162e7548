/**
 * Makes a fresh clone ready to run, with nothing but Node: installs what package-lock.json names where that is not
 * installed yet, and builds `dist/`. Does nothing that is done already.
 */
import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
/** Its time is that of the last build that ended well. */
const BUILT = 'dist/.built'

const [major, minor] = process.versions.node.split('.').map(Number)
if (major < 20 || (major === 20 && minor < 19)) {
  fail(`error[node-version]: Node ${process.versions.node} is too old\n  hint: install Node 20.19 or newer`)
}
if (!isInstalled()) {
  say('installing dependencies (once)')
  run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'])
  const stamp = join(root, 'node_modules/.package-lock.json')
  // npm leaves the time of the packages; ours says when they were compared with the lock file.
  if (existsSync(stamp)) utimesSync(stamp, new Date(), new Date())
}
if (!isBuilt()) {
  say('building')
  rmSync(join(root, 'dist'), { recursive: true, force: true })
  run(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', 'tsconfig.build.json'])
  // npm links to the program, which is new: without this the link leads to a file that cannot be run.
  for (const program of Object.values(readJson('package.json').bin)) chmodSync(join(root, program), 0o755)
  writeFileSync(join(root, BUILT), '')
}

/** Whether node_modules holds what the lock file names: npm keeps a copy of it there. */
function isInstalled() {
  const stamp = timeOf('node_modules/.package-lock.json')
  return stamp !== undefined && stamp >= (timeOf('package-lock.json') ?? 0)
}

/** Whether dist/ is younger than every source. */
function isBuilt() {
  const built = timeOf(BUILT)
  if (built === undefined) return false
  const { include } = readJson('tsconfig.build.json')
  return [...include, 'tsconfig.json', 'tsconfig.build.json', 'package-lock.json'].every(
    (path) => newest(path) <= built,
  )
}

/** The time of the youngest file at or below a path. */
function newest(path) {
  const status = statSync(join(root, path), { throwIfNoEntry: false })
  if (status === undefined) return 0
  if (!status.isDirectory()) return /\.(ts|json)$/.test(path) ? status.mtimeMs : 0
  // A folder's own time tells that a file was added or removed.
  const inside = readdirSync(join(root, path)).filter(
    (name) => !name.startsWith('.') && name !== 'node_modules' && name !== 'results',
  )
  return Math.max(status.mtimeMs, ...inside.map((name) => newest(join(path, name))))
}

function readJson(path) {
  return JSON.parse(readFileSync(join(root, path), 'utf8'))
}

function timeOf(path) {
  return statSync(join(root, path), { throwIfNoEntry: false })?.mtimeMs
}

function run(command, args) {
  // On Windows npm is a script, which only a shell runs.
  const { status, error } = spawnSync(command, args, {
    cwd: root,
    stdio: 'inherit',
    shell: process.platform === 'win32' && command === 'npm',
  })
  if (status !== 0)
    fail(`error[prepare]: ${command} ${args.join(' ')} failed${error ? `: ${error.message}` : ''}`)
}

function say(text) {
  process.stderr.write(`rivalry: ${text}\n`)
}

function fail(text) {
  process.stderr.write(`${text}\n`)
  process.exit(1)
}
