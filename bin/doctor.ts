/** `rivalry doctor`: what this machine offers, and what is missing. */
import { readFileSync } from 'node:fs'
import { cpus, freemem, totalmem } from 'node:os'
import type { Command } from 'commander'
import { usableCores } from '../engine/run/cores.ts'
import { engineVersion } from '../index.ts'
import { exitCodes } from './failure.ts'

/** One thing that was looked at. */
interface Finding {
  readonly name: string
  readonly value: string
  /** Whether runs need it and it is missing. */
  readonly isMissing?: boolean
}

/** Adds the command. */
export function addDoctor(program: Command): void {
  program
    .command('doctor')
    .summary('say what this machine offers and what is missing')
    .description(
      'Says what this machine offers: cores, memory, what WebAssembly can do here, and which TensorFlow back ends ' +
        'load. Exits with 3 when something that every run needs is missing.',
    )
    .option('--json', 'print the findings as JSON')
    .addHelpText(
      'after',
      `
Examples:
  rivalry doctor
  rivalry doctor --json`,
    )
    .action(doctor)
}

async function doctor({ json }: { json?: true }): Promise<void> {
  const findings = [...machine(), ...webAssembly(), ...versions(), ...(await learning())]
  if (json) {
    process.stdout.write(
      `${JSON.stringify(Object.fromEntries(findings.map(({ name, value }) => [name, value])), null, 2)}\n`,
    )
  } else {
    const width = Math.max(...findings.map(({ name }) => name.length))
    for (const { name, value, isMissing } of findings) {
      process.stdout.write(`${name.padEnd(width)}  ${value}${isMissing ? '  <- needed' : ''}\n`)
    }
  }
  if (findings.some(({ isMissing }) => isMissing)) process.exitCode = exitCodes.check
}

function machine(): Finding[] {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  const isOld = major < 20 || (major === 20 && minor < 19)
  const gibibytes = (bytes: number): string => `${(bytes / 2 ** 30).toFixed(1)} GiB`
  return [
    { name: 'rivalry', value: engineVersion },
    { name: 'node', value: `${process.versions.node}${isOld ? ', older than 20.19' : ''}`, isMissing: isOld },
    { name: 'platform', value: `${process.platform} ${process.arch}` },
    { name: 'cores', value: `${usableCores()} (${cpus()[0]?.model.trim() ?? 'unknown'})` },
    { name: 'memory', value: `${gibibytes(totalmem())}, ${gibibytes(freemem())} free` },
  ]
}

/** (func (result v128) i32.const 0, i8x16.splat, i8x16.popcnt): valid only where SIMD is. */
const SIMD_MODULE = Uint8Array.from([
  0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 10, 1, 8, 0, 65, 0, 253, 15, 253, 98,
  11,
])

function webAssembly(): Finding[] {
  const hasSimd = WebAssembly.validate(SIMD_MODULE)
  const hasSharedMemory = canShareMemory()
  const shown = (has: boolean): string => (has ? 'yes' : 'no')
  return [
    { name: 'WebAssembly SIMD', value: shown(hasSimd), isMissing: !hasSimd },
    { name: 'shared memory', value: shown(hasSharedMemory), isMissing: !hasSharedMemory },
  ]
}

function canShareMemory(): boolean {
  try {
    return (
      new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true }).buffer instanceof SharedArrayBuffer
    )
  } catch {
    return false
  }
}

function versions(): Finding[] {
  return ['apache-arrow', 'arrow-js-ffi', 'parquet-wasm', 'piscina'].map((name) => ({
    name,
    value: versionOf(name) ?? 'not installed',
  }))
}

/** Libraries for training, in the order in which they are preferred; runs need none of them. */
async function learning(): Promise<Finding[]> {
  const others = ['@tensorflow/tfjs-backend-webgpu', '@tensorflow/tfjs-backend-wasm', '@tensorflow/tfjs']
  return [
    { name: '@tensorflow/tfjs-node-gpu', value: await tensorFlow() },
    ...others.map((name) => ({ name, value: versionOf(name) ?? 'not installed' })),
  ]
}

/** Whether TensorFlow's native library loads: what is installed need not, for want of CUDA or of a download. */
async function tensorFlow(): Promise<string> {
  const name: string = '@tensorflow/tfjs-node-gpu'
  if (versionOf(name) === undefined) return 'unavailable: not installed (an optional dependency)'
  try {
    const library = (await import(name)) as { version?: { tfjs?: string } }
    return `loads, version ${library.version?.tfjs ?? versionOf(name)}`
  } catch (error) {
    const [reason = 'unknown reason'] = (error instanceof Error ? error.message : String(error)).split('\n')
    return `unavailable: ${reason}`
  }
}

/** The version of a package as it is installed, `undefined` where it is not. */
function versionOf(name: string): string | undefined {
  let folder = new URL('./', import.meta.url)
  for (;;) {
    try {
      const manifest = readFileSync(new URL(`node_modules/${name}/package.json`, folder), 'utf8')
      return (JSON.parse(manifest) as { version?: string }).version
    } catch {
      const above = new URL('../', folder)
      if (above.href === folder.href) return undefined
      folder = above
    }
  }
}
