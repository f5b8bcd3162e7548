import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { RecordBatch } from 'apache-arrow'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { RivalryError } from '../../engine/errors.ts'
import { fileError } from '../../engine/files/file-error.ts'
import { OutputFile, openArrowFile, writeWholeFile } from '../../engine/files/output-file.ts'
import { abortUnfinished } from '../../engine/files/unfinished.ts'
import { CanonicalWriter } from '../../engine/tables/canonical.ts'
import { digestingSink, sha256 } from '../../engine/tables/digest.ts'
import { readArrow } from '../../engine/tables/read.ts'
import { canonicalBytes, sampleBatch, sampleTable } from '../tables/sample.ts'

let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rivalry-files-'))
})

afterEach(() => {
  abortUnfinished()
  rmSync(folder, { recursive: true, force: true })
})

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text)

function errorOf(action: () => unknown): RivalryError {
  try {
    action()
  } catch (error) {
    expect(error).toBeInstanceOf(RivalryError)
    return error as RivalryError
  }
  throw new Error('nothing was thrown')
}

describe('an output file', () => {
  test('appears under its name when it is closed, with its length and digest', () => {
    const path = join(folder, 'months.arrow')
    const file = new OutputFile(path)
    file.write(bytesOf('one '))
    file.write(bytesOf('two'))
    expect(readdirSync(folder)).toEqual(['months.arrow.part'])
    const written = file.close()
    expect(readdirSync(folder)).toEqual(['months.arrow'])
    expect(readFileSync(path, 'utf8')).toBe('one two')
    // The digest is what `printf 'one two' | sha256sum` says.
    const digest = '8ab63e29a4ba14e4e1688f9c15e5af90895421358c945b0431f85d66977bd3d2'
    expect(written).toEqual({ name: 'months.arrow', path, byteCount: 7, sha256: digest })
  })

  test('replaces an older file only when it is closed', () => {
    const path = join(folder, 'a.csv')
    writeWholeFile(path, 'old')
    const file = new OutputFile(path)
    file.write(bytesOf('new'))
    expect(readFileSync(path, 'utf8')).toBe('old')
    file.close()
    expect(readFileSync(path, 'utf8')).toBe('new')
  })

  test('leaves nothing when it is aborted, and the older file as it was', () => {
    const path = join(folder, 'a.csv')
    writeWholeFile(path, 'old')
    const file = new OutputFile(path)
    file.write(bytesOf('new'))
    file.abort()
    file.abort()
    expect(readdirSync(folder)).toEqual(['a.csv'])
    expect(readFileSync(path, 'utf8')).toBe('old')
    expect(() => file.write(bytesOf('more'))).toThrow(/while it is open/)
    expect(() => file.close()).toThrow(/closed once/)
  })

  test('starts over a part that a killed run left', () => {
    writeFileSync(join(folder, 'a.csv.part'), 'longer than what follows')
    writeWholeFile(join(folder, 'a.csv'), 'short')
    expect(readdirSync(folder)).toEqual(['a.csv'])
    expect(readFileSync(join(folder, 'a.csv'), 'utf8')).toBe('short')
  })

  test('is not disturbed by another writer of the same file', () => {
    const path = join(folder, 'unit.arrow')
    const [first, second] = ['w1', 'w2'].map((writer) => new OutputFile(path, { writer })) as [
      OutputFile,
      OutputFile,
    ]
    first.write(bytesOf('the same '))
    second.write(bytesOf('the '))
    first.write(bytesOf('bytes'))
    expect(first.close().sha256).toBe(sha256('the same bytes'))
    second.write(bytesOf('same bytes'))
    expect(second.close().sha256).toBe(sha256('the same bytes'))
    expect(readdirSync(folder)).toEqual(['unit.arrow'])
    expect(readFileSync(path, 'utf8')).toBe('the same bytes')
  })

  test('is removed with all others when the run is interrupted', () => {
    const done = new OutputFile(join(folder, 'done.csv'))
    done.close()
    const half = ['a', 'b'].map((name) => new OutputFile(join(folder, name)))
    half.forEach((file) => file.write(bytesOf('half')))
    abortUnfinished()
    expect(readdirSync(folder)).toEqual(['done.csv'])
  })

  test('takes bytes straight from shared memory', () => {
    const memory = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true })
    const view = new Uint8Array(memory.buffer, 1001, 3000).map((_, index) => index % 251)
    new Uint8Array(memory.buffer, 1001, 3000).set(view)
    const file = new OutputFile(join(folder, 'raw'))
    file.write(new Uint8Array(memory.buffer, 1001, 3000))
    expect(file.close().sha256).toBe(sha256(view))
    expect(Buffer.compare(readFileSync(join(folder, 'raw')), view)).toBe(0)
  })

  test('holds a table that was written into it, and the digest of its bytes', async () => {
    const path = join(folder, 'months.arrow')
    const file = new OutputFile(path)
    const { sink, digest } = digestingSink(file.write)
    const writer = new CanonicalWriter(sampleTable, sink)
    for (let start = 0; start < 70_000; start += 7000) await writer.append(sampleBatch(start, 7000))
    await writer.close()
    const written = file.close()
    const bytes = readFileSync(path)
    expect(written.byteCount).toBe(bytes.length)
    expect(written.byteCount).toBe(digest.byteCount)
    expect(written.sha256).toBe(digest.hex())
    expect(written.sha256).toBe(sha256(bytes))
    expect(readArrow(bytes).rowCount).toBe(70_000)
  })
})

describe('a failing disk', () => {
  test.skipIf(!existsSync('/dev/full'))(
    'is reported as full, and the part is removed (needs /dev/full)',
    () => {
      const path = join(folder, 'months.arrow')
      symlinkSync('/dev/full', `${path}.part`)
      const file = new OutputFile(path)
      const error = errorOf(() => file.write(bytesOf('x')))
      expect(error).toMatchObject({
        code: 'disk-full',
        path,
        message: `no space left on the disk for ${path}`,
      })
      expect(error.hint).toContain('free some space')
      expect(readdirSync(folder)).toEqual([])
      expect(existsSync('/dev/full')).toBe(true)
    },
  )

  test.skipIf(!existsSync('/dev/full'))('fails the append that met it (needs /dev/full)', async () => {
    const path = join(folder, 'months.arrow')
    symlinkSync('/dev/full', `${path}.part`)
    const writer = new CanonicalWriter(sampleTable, new OutputFile(path).write)
    await expect(writer.append(sampleBatch(0, 66_000))).rejects.toMatchObject({ code: 'disk-full' })
    expect(readdirSync(folder)).toEqual([])
  })

  test.each([
    ['a folder that is not there', () => join(folder, 'no', 'a.csv'), /no such file or folder/],
    [
      'a file in place of a folder',
      () => join(folder, 'file', 'a.csv'),
      /a part of the path is not a folder/,
    ],
    ['a name that is too long', () => join(folder, 'n'.repeat(300)), /the name is too long/],
    ['a folder in the way of its part', () => join(folder, 'taken'), /a folder of that name is in the way/],
  ])('is told apart from %s', (_, path, message) => {
    writeFileSync(join(folder, 'file'), '')
    mkdirSync(join(folder, 'taken.part'))
    const error = errorOf(() => new OutputFile(path()))
    expect(error).toMatchObject({ code: 'output-not-writable', path: path() })
    expect(error.message).toMatch(message)
  })

  test('names the folder in the way of a finished file, and keeps it', () => {
    mkdirSync(join(folder, 'taken'))
    const file = new OutputFile(join(folder, 'taken'))
    expect(errorOf(() => file.close()).code).toBe('output-not-writable')
    expect(readdirSync(folder)).toEqual(['taken'])
  })

  test.each([
    ['EACCES', 'output-not-writable', /permission denied/],
    ['EPERM', 'output-not-writable', /operation not permitted/],
    ['EROFS', 'output-not-writable', /read-only/],
    ['ENOSPC', 'disk-full', /no space left/],
    ['EDQUOT', 'disk-full', /no space left/],
    ['EIO', 'output-failed', /i\/o error/],
  ])('that answers %s is reported as %s', (code, expected, message) => {
    const error = fileError(Object.assign(new Error('i/o error'), { code }), 'out/months.arrow')
    expect(error.code).toBe(expected)
    expect(error.message).toMatch(message)
    expect(error.path).toBe('out/months.arrow')
  })
})

describe('an Arrow file on disk', () => {
  test('gives its batches one at a time, to be written again to the same bytes', async () => {
    const bytes = await canonicalBytes([sampleBatch(0, 66_000)])
    writeWholeFile(join(folder, 'a.arrow'), bytes)
    const source = await openArrowFile(join(folder, 'a.arrow'))
    expect(source.schema.fields.length).toBe(sampleTable.columns.length)
    const batches: RecordBatch[] = []
    for await (const batch of source.batches) batches.push(batch)
    await source.close()
    expect(batches.map((batch) => batch.numRows)).toEqual([65_536, 464])
    expect(sha256(await canonicalBytes(batches))).toBe(sha256(bytes))
  })

  test('without rows is written again to the same bytes', async () => {
    const bytes = await canonicalBytes([])
    writeWholeFile(join(folder, 'a.arrow'), bytes)
    const source = await openArrowFile(join(folder, 'a.arrow'))
    const batches: RecordBatch[] = []
    for await (const batch of source.batches) batches.push(batch)
    await source.close()
    expect(source.schema.metadata.get('table')).toBe('months')
    expect(batches.reduce((sum, batch) => sum + batch.numRows, 0)).toBe(0)
    expect(sha256(await canonicalBytes(batches))).toBe(sha256(bytes))
  })

  test('is refused when it is not there, not Arrow or cut off', async () => {
    const path = join(folder, 'a.arrow')
    await expect(openArrowFile(path)).rejects.toMatchObject({ code: 'input-not-readable', path })
    const bytes = await canonicalBytes([sampleBatch(0, 100)])
    for (const content of [
      new Uint8Array(0),
      bytesOf('a,b\r\n1,2\r\n'),
      bytes.subarray(0, -3),
      bytes.subarray(8),
    ]) {
      writeWholeFile(path, content)
      await expect(openArrowFile(path)).rejects.toMatchObject({ code: 'not-arrow', path })
    }
  })
})
