/** Where a curator clicked, in the frame that the floor plan speaks of. */
import { BoxGeometry, Group, Mesh, MeshBasicMaterial, Raycaster, Vector3 } from 'three';
import { expect, test } from 'vitest';
import { planLines, spotOn } from '../src/scene/spots';

/** A cube of 20 cm, its foot at the origin of a frame that stands at `x` and is turned a quarter to the left. */
function exhibit(x: number): Mesh {
  const frame = new Group();
  frame.position.set(x, 1, 0);
  frame.rotation.y = Math.PI / 2;
  const model = new Mesh(new BoxGeometry(0.2, 0.2, 0.2).translate(0, 0.1, 0), new MeshBasicMaterial());
  frame.add(model);
  frame.updateMatrixWorld(true);
  return model;
}

test('a click is told in the frame of the artifact, out of the surface that faces the eye', () => {
  const models = new Map([['far', exhibit(0)], ['near', exhibit(1)]]);
  const ray = new Raycaster(new Vector3(5, 1.15, 0.04), new Vector3(-1, 0, 0));
  const spot = spotOn(ray, models.keys(), (artifact) => models.get(artifact) ?? null);
  expect(spot?.artifact).toBe('near');
  // The museum's +X is the turned frame's +Z, its +Z the frame's -X.
  expect(spot?.position.map((value) => value.toFixed(3))).toEqual(['-0.040', '0.150', '0.100']);
  expect(planLines({ artifact: 'near', position: [-0.04, 0.15, 0.1], normal: [-0, 0, 1] })).toBe(`[[annotations]]
artifact = "near"
id = "a-word-for-it"
position = [-0.0400, 0.1500, 0.1000]
normal = [0.0000, 0.0000, 1.0000]
title = { en = "" }
description = { en = "" }`);
  expect(spot?.normal.map((value) => Math.round(value))).toEqual([0, 0, 1]);
});

test('a click beside everything is no spot', () => {
  const model = exhibit(0);
  const ray = new Raycaster(new Vector3(5, 3, 0), new Vector3(-1, 0, 0));
  expect(spotOn(ray, ['one'], () => model)).toBeNull();
  expect(spotOn(ray, ['one'], () => null)).toBeNull();
});
