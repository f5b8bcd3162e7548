import { describe, expect, test } from 'vitest'
import { shardOf, type Environment } from '../../bin/shard.ts'
import { RivalryError } from '../../engine/errors.ts'

function refusal(text: string, environment: Environment = {}): RivalryError {
  try {
    shardOf(text, environment)
  } catch (error) {
    if (error instanceof RivalryError) return error
    throw error
  }
  throw new Error(`${text} was taken for a part`)
}

const slurm = (id: number, least: number, count: number, step?: number): Environment => ({
  SLURM_ARRAY_TASK_ID: `${id}`,
  SLURM_ARRAY_TASK_MIN: `${least}`,
  SLURM_ARRAY_TASK_COUNT: `${count}`,
  ...(step === undefined ? {} : { SLURM_ARRAY_TASK_STEP: `${step}` }),
})

describe('a part of a study', () => {
  test('is named by its number, from 1, and how many there are', () => {
    expect(shardOf('2/5', {})).toEqual({ index: 2, of: 5 })
    expect(shardOf('1/1', {})).toEqual({ index: 1, of: 1 })
  })

  test.each([
    '',
    '2',
    '0/5',
    '6/5',
    '2/0',
    '1.5/5',
    '-1/5',
    '2/5/7',
    'automatic',
    'auto/',
    'auto/x',
    '1/2000000',
  ])('is not %j, which is refused by the name of the flag, with a hint', (text) => {
    const environment = { JOB_COMPLETION_INDEX: '0', JOB_COMPLETIONS: '3' }
    expect(refusal(text, environment)).toMatchObject({ code: 'invalid-option', path: '--shard' })
    expect(refusal(text, environment).hint).toMatch(/--shard 2\/5/)
  })

  test.each([
    ['from 0', slurm(0, 0, 5), { index: 1, of: 5 }],
    ['from 1', slurm(5, 1, 5), { index: 5, of: 5 }],
    ['from 17', slurm(19, 17, 4), { index: 3, of: 4 }],
    ['by threes', slurm(10, 4, 3, 3), { index: 3, of: 3 }],
  ])('is that of the task of a Slurm array %s', (_, environment, shard) => {
    expect(shardOf('auto', environment)).toEqual(shard)
    expect(shardOf(`auto/${shard.of}`, environment)).toEqual(shard)
  })

  test('is that of the pod of an indexed job of Kubernetes, whose number of parts somebody states', () => {
    expect(shardOf('auto/5', { JOB_COMPLETION_INDEX: '0' })).toEqual({ index: 1, of: 5 })
    expect(shardOf('auto', { JOB_COMPLETION_INDEX: '4', JOB_COMPLETIONS: '5' })).toEqual({ index: 5, of: 5 })
  })

  test.each([
    ['auto', {}, /SLURM_ARRAY_TASK_ID .* JOB_COMPLETION_INDEX/],
    ['auto', { JOB_COMPLETION_INDEX: '1' }, /JOB_COMPLETIONS is not/],
    ['auto', { JOB_COMPLETION_INDEX: 'one', JOB_COMPLETIONS: '5' }, /JOB_COMPLETION_INDEX is 'one'/],
    ['auto/5', { JOB_COMPLETION_INDEX: '1', JOB_COMPLETIONS: '6' }, /auto\/5, and JOB_COMPLETIONS is 6/],
    ['auto', { SLURM_ARRAY_TASK_ID: '1', SLURM_ARRAY_TASK_MIN: '1' }, /SLURM_ARRAY_TASK_COUNT is not set/],
    ['auto', { SLURM_ARRAY_TASK_ID: '1', SLURM_ARRAY_TASK_COUNT: '4' }, /SLURM_ARRAY_TASK_MIN is not set/],
    // --array=1,3,7
    ['auto', slurm(7, 1, 3), /no plain row of numbers/],
    // A single task that runs again would take all units for its own.
    ['auto/5', slurm(3, 3, 1), /auto\/5, and the job array has 1 tasks/],
  ])('is not guessed where the environment does not say enough: %s with %j', (text, environment, message) => {
    const error = refusal(text, environment)
    expect(error.message).toMatch(message)
    expect(error).toMatchObject({ path: '--shard' })
    expect(error.hint).toBeDefined()
  })
})
