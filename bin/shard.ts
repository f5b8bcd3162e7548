/** Which part of a study this process computes: as `--shard` says, or as the job array that it runs in. */
import { RivalryError } from '../engine/errors.ts'
import type { Shard } from '../engine/study/study-options.ts'

/** Environment variables by name. */
export type Environment = Readonly<Record<string, string | undefined>>

const HINT = 'write --shard 2/5 for the second of five parts, or --shard auto in a job array'

/**
 * The part that `text` names: `2/5`, or `auto` with or without a number of parts (`auto/5`) for that of the task of a
 * Slurm job array or of an indexed job of Kubernetes, as the environment says.
 *
 * @throws RivalryError `invalid-option`, or `no-job-array` where the environment does not say enough
 */
export function shardOf(text: string, environment: Environment): Shard {
  const [, index, parts] = /^(auto|\d{1,9})(?:\/(\d{1,9}))?$/.exec(text) ?? []
  if (index === undefined || (index !== 'auto' && parts === undefined))
    throw invalid(`is '${text}', not a part such as 2/5, and not auto`)
  const of = parts === undefined ? undefined : Number(parts)
  if (index === 'auto') return taskOf(of, environment)
  return checked({ index: Number(index), of: of! }, text)
}

/** Most parts of a study. */
const MOST_PARTS = 1_000_000

function checked(shard: Shard, text: string): Shard {
  const { index, of } = shard
  if (of < 1 || of > MOST_PARTS) throw invalid(`is '${text}', and a study has 1 to ${MOST_PARTS} parts`)
  if (index < 1 || index > of) throw invalid(`is '${text}', and parts are numbered from 1 to ${of}`)
  return shard
}

function invalid(what: string, hint = HINT): RivalryError {
  return new RivalryError(`shard ${what}`, { code: 'invalid-option', path: '--shard', hint })
}

function taskOf(parts: number | undefined, environment: Environment): Shard {
  if (given(environment, 'SLURM_ARRAY_TASK_ID')) return slurmTask(parts, environment)
  if (given(environment, 'JOB_COMPLETION_INDEX')) return kubernetesTask(parts, environment)
  throw new RivalryError(
    'shard is auto, and neither SLURM_ARRAY_TASK_ID (Slurm) nor JOB_COMPLETION_INDEX (Kubernetes) is set',
    {
      code: 'no-job-array',
      path: '--shard',
      hint: 'start it as a job array (sbatch --array=1-5) or an indexed job, or name the part: --shard 2/5',
    },
  )
}

function slurmTask(parts: number | undefined, environment: Environment): Shard {
  const id = whole(environment, 'SLURM_ARRAY_TASK_ID')
  const least = needed(environment, 'SLURM_ARRAY_TASK_MIN', 'auto needs the number of the first task')
  const count = needed(environment, 'SLURM_ARRAY_TASK_COUNT', 'auto needs the number of tasks')
  const step = given(environment, 'SLURM_ARRAY_TASK_STEP') ? whole(environment, 'SLURM_ARRAY_TASK_STEP') : 1
  if (parts !== undefined && parts !== count)
    throw new RivalryError(`shard is auto/${parts}, and the job array has ${count} tasks`, {
      code: 'no-job-array',
      path: '--shard',
      hint: `where only some tasks run again, name the part by itself, counted from 1: --shard PART/${parts}`,
    })
  const index = (id - least) / step + 1
  if (!Number.isInteger(index) || index < 1 || index > count)
    throw new RivalryError(
      `the job array is no plain row of numbers: task ${id}, of ${count} from ${least} by ${step}`,
      {
        code: 'no-job-array',
        path: '--shard',
        hint: 'use an array such as 1-5, or name the part: --shard 2/5',
      },
    )
  return checked({ index, of: count }, 'auto')
}

function kubernetesTask(parts: number | undefined, environment: Environment): Shard {
  const index = whole(environment, 'JOB_COMPLETION_INDEX') + 1
  const completions = given(environment, 'JOB_COMPLETIONS')
    ? whole(environment, 'JOB_COMPLETIONS')
    : undefined
  if (parts !== undefined && completions !== undefined && parts !== completions)
    throw invalid(
      `is auto/${parts}, and JOB_COMPLETIONS is ${completions}`,
      'let both say the number of completions of the job',
    )
  const of = parts ?? completions
  if (of === undefined)
    throw new RivalryError(
      'shard is auto, and Kubernetes does not say how many parts there are: JOB_COMPLETION_INDEX is set, JOB_COMPLETIONS is not',
      {
        code: 'no-job-array',
        path: '--shard',
        hint: 'write the number of completions: --shard auto/5, or set JOB_COMPLETIONS in the job',
      },
    )
  return checked({ index, of }, `auto/${of}`)
}

function given(environment: Environment, name: string): boolean {
  return environment[name] !== undefined && environment[name] !== ''
}

function needed(environment: Environment, name: string, why: string): number {
  if (given(environment, name)) return whole(environment, name)
  throw new RivalryError(`shard is auto, and ${name} is not set: ${why}`, {
    code: 'no-job-array',
    path: '--shard',
    hint: 'name the part: --shard 2/5',
  })
}

function whole(environment: Environment, name: string): number {
  const text = environment[name]!
  if (/^\d{1,9}$/.test(text)) return Number(text)
  throw new RivalryError(`${name} is '${text}', not a whole number`, {
    code: 'no-job-array',
    path: '--shard',
    hint: 'name the part: --shard 2/5',
  })
}
