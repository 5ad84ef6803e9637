/** The pictures of the README show what the program draws on the host of the demo. */
import assert from 'node:assert/strict'
import {readFileSync} from 'node:fs'
import {join} from 'node:path'
import {drawPictures, type Pictures, pictures, setUpHost} from '../demo/pictures.ts'
import {closeAround, type WalkthroughHost} from '../demo/whole-host.ts'
import {onThrowAwayHost, program} from './acceptance/inside.ts'

onThrowAwayHost(import.meta.filename, 'pictures of the README', () => {
  let host: WalkthroughHost
  let drawn: Pictures

  before(async () => {
    host = await setUpHost()
    drawn = await drawPictures(host, program)
  })
  after(() => closeAround(host))

  for (const name of pictures) {
    it(`docs/${name} is what is drawn today: npm run demo pictures`, () => {
      assert.equal(drawn[name], readFileSync(join(import.meta.dirname, '../docs', name), 'utf8'))
    })
  }
})
