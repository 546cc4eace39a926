import Events
import Launch
import Logging
import MediaSteps
import Messaging
import Sandbox
import Steps

workIfAsked(TranscodeStep.mode) { (job: Job, outlet: Outlet) in try job.inWorker(outlet).run { try outlet.send($0) } }
workIfAsked(GraphicsProbe.mode) { (_: GraphicsProbe.Question, outlet: Outlet) in try outlet.send(GraphicsProbe.run()) }

await launch("transcoder", defaultPort: 8085) { boot in
    let settings = try await Settings(boot.environment).withGraphics { boot.logger.info("\($0)") }
    let originals = LocalOriginals(store: boot.store, settings: settings.media)
    originals.sweep()
    let step = TranscodeStep(bus: boot.bus, originals: originals, settings: settings)
    for lack in try await step.worker.shortcomings(below: settings.media.directory) {
        boot.logger.warning("films are opened in workers with a weaker confinement", metadata: ["lack": "\(lack)"])
    }
    return [boot.consumer(.transcoder, [Route(TranscodeHandler(step))], concurrency: settings.concurrency)]
}
