/** `GET /capabilities`: what this installation can do with faces, and what it cannot, with reasons. */
import { Hono } from 'hono';
import type { FaceEngineInfo } from './engine.ts';

/** @param engine what is loaded; undefined while it is not */
export function capabilitiesRoute(engine: () => FaceEngineInfo | undefined): Hono {
  const app = new Hono();
  app.get('/capabilities', (c) => {
    const info = engine();
    if (info === undefined) return c.json({ ready: false }, 503);
    const { pack, calibration, inference, liveness, quality = false } = info;
    return c.json({
      ready: true,
      backend: inference.runtime.backend,
      backends: inference.backends,
      pack,
      matching: {
        data: calibration.data.name,
        working_points: calibration.points.map(({ fmr, fnmr, extrapolated }) => ({
          fmr,
          fnmr,
          extrapolated,
        })),
      },
      liveness: liveness === undefined ? null : {
        evidence: liveness.evidence,
        data: liveness.data,
        levels: liveness.levels.map(({ level, supported, reason, targetApcer, bpcer }) => ({
          level,
          supported,
          reason,
          target_apcer: targetApcer,
          bpcer,
        })),
      },
      quality,
    });
  });
  return app;
}
