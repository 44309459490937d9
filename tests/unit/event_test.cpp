#include "core/run/event.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "core/run/line_buffer.h"

namespace gadolin::run {
namespace {

Event sample(EventBody body) {
  return {7, "2026-01-31T12:00:00.000Z", std::move(body)};
}

TEST(Event, ALineOnTheWireHasTheNamesOfTheContract) {
  EXPECT_EQ(encode(sample(Batch{"fibrosis", 2, 3, 10, 0.5, 120.0})),
            R"({"epoch":2,"images_per_s":120.0,"loss":0.5,"seq":7,"stage":"fibrosis","step":3,)"
            R"("steps":10,"t":"2026-01-31T12:00:00.000Z","type":"batch","v":1})");
}

TEST(Event, APreviewOfAnOlderRunHasTheFourColumnsThatWereDrawnThen) {
  const auto e = decode(
      R"({"epoch":2,"path":"p.ppm","seq":7,"stage":"fibrosis","t":"2026-01-31T12:00:00.000Z",)"
      R"("type":"preview","v":1})");
  ASSERT_TRUE(e) << e.error().message;
  EXPECT_EQ(std::get<Preview>(e->body).columns,
            (std::vector<std::string>{"image", "reference", "cam", "prediction"}));
}

TEST(Event, AHelloThatDoesNotSayItsWorkIsOfATraining) {
  const auto e =
      decode(R"({"device":"cpu","pid":7,"program_version":"0.1.0","seq":1,"t":"t","threads":2,)"
             R"("torch_version":"1.13.1","type":"hello","v":1})");
  ASSERT_TRUE(e) << e.error().message;
  EXPECT_EQ(std::get<Hello>(e->body).work, Work::Train);
}

TEST(Event, EveryTypeComesBackAsItWas) {
  const auto back = [](EventBody body) { return decode(encode(sample(std::move(body)))); };
  {
    auto e = back(Hello{"0.1.0", "1.13.1", "cpu", 2, 4711});
    ASSERT_TRUE(e);
    EXPECT_EQ(e->seq, 7u);
    EXPECT_EQ(e->time_utc, "2026-01-31T12:00:00.000Z");
    const auto& b = std::get<Hello>(e->body);
    EXPECT_EQ(b.program_version, "0.1.0");
    EXPECT_EQ(b.torch_version, "1.13.1");
    EXPECT_EQ(b.device, "cpu");
    EXPECT_EQ(b.threads, 2);
    EXPECT_EQ(b.pid, 4711);
    EXPECT_EQ(b.work, Work::Train);
    e = back(Hello{"0.1.0", "1.13.1", "cpu", 2, 4711, Work::Predict});
    ASSERT_TRUE(e);
    EXPECT_EQ(std::get<Hello>(e->body).work, Work::Predict);
  }
  {
    auto e = back(StageBegin{"classifier", 1, 4, 30, 537});
    ASSERT_TRUE(e);
    const auto& b = std::get<StageBegin>(e->body);
    EXPECT_EQ(b.stage, "classifier");
    EXPECT_EQ(b.index, 1);
    EXPECT_EQ(b.count, 4);
    EXPECT_EQ(b.epochs, 30);
    EXPECT_EQ(b.items, 537);
  }
  {
    Epoch epoch;
    epoch.stage = "myocardium";
    epoch.epoch = 3;
    epoch.epochs = 20;
    epoch.train_loss = 0.25;
    epoch.val_dice = 0.8125;
    epoch.learning_rate = 1e-4;
    epoch.images_per_s = 44.5;
    epoch.seconds = 12.25;
    epoch.data_wait_s = 0.5;
    auto e = back(epoch);
    ASSERT_TRUE(e);
    const auto& b = std::get<Epoch>(e->body);
    EXPECT_EQ(b.epoch, 3);
    EXPECT_EQ(b.epochs, 20);
    EXPECT_EQ(b.train_loss, 0.25);
    EXPECT_FALSE(b.val_loss.has_value());
    EXPECT_EQ(b.val_dice, 0.8125);
    EXPECT_FALSE(b.val_auroc.has_value());
    EXPECT_EQ(b.learning_rate, 1e-4);
    EXPECT_EQ(b.images_per_s, 44.5);
    EXPECT_EQ(b.seconds, 12.25);
    EXPECT_EQ(b.data_wait_s, 0.5);
  }
  {
    auto e =
        back(CheckpointSaved{"fibrosis", 5, "best", "checkpoints/fibrosis.best.safetensors", 0.7});
    ASSERT_TRUE(e);
    EXPECT_EQ(std::get<CheckpointSaved>(e->body).role, "best");
    EXPECT_EQ(std::get<CheckpointSaved>(e->body).metric, 0.7);
  }
  {
    auto e = back(PredictionSaved{"p1-s1", "predictions/p1-s1.safetensors", 2, 9});
    ASSERT_TRUE(e);
    EXPECT_EQ(std::get<PredictionSaved>(e->body).total, 9);
  }
  {
    auto e = back(Preview{"fibrosis", 2, "previews/fibrosis-2.ppm", {"image", "cam"}});
    ASSERT_TRUE(e);
    EXPECT_EQ(std::get<Preview>(e->body).path, "previews/fibrosis-2.ppm");
    EXPECT_EQ(std::get<Preview>(e->body).columns, (std::vector<std::string>{"image", "cam"}));
  }
  {
    auto e = back(Warning{"no-validation", "No validation patients."});
    ASSERT_TRUE(e);
    EXPECT_EQ(std::get<Warning>(e->body).code, "no-validation");
  }
  {
    auto e = back(Heartbeat{812.5, std::nullopt});
    ASSERT_TRUE(e);
    EXPECT_EQ(std::get<Heartbeat>(e->body).memory_mb, 812.5);
    EXPECT_FALSE(std::get<Heartbeat>(e->body).device_memory_mb.has_value());
  }
  {
    auto e = back(Done{"failed", "Out of memory.", "out-of-memory"});
    ASSERT_TRUE(e);
    EXPECT_EQ(std::get<Done>(e->body).status, "failed");
    EXPECT_EQ(std::get<Done>(e->body).code, "out-of-memory");
  }
}

TEST(Event, ALossThatIsNotANumberStaysReadable) {
  const std::string line = encode(
      sample(Batch{"fibrosis", 1, 1, 1, std::nan(""), std::numeric_limits<double>::infinity()}));
  EXPECT_NE(line.find("\"loss\":null"), std::string::npos);
  auto event = decode(line);
  ASSERT_TRUE(event) << event.error().message;
  EXPECT_TRUE(std::isnan(std::get<Batch>(event->body).loss));
}

TEST(Event, AMessageWithBytesThatAreNoTextIsStillALine) {
  const std::string line = encode(sample(Warning{"path", "bad \xff\n name"}));
  EXPECT_EQ(line.find('\n'), std::string::npos);
  EXPECT_TRUE(decode(line));
}

TEST(Event, WhatIsNoEventIsRefusedAndNamed) {
  for (const char* line : {"", "[]", "12", "{", "garbage", R"({"seq":1})",
                           R"({"v":1,"seq":1,"t":"x","type":"unheard-of"})",
                           R"({"v":1,"seq":-1,"t":"x","type":"heartbeat","memory_mb":1})",
                           R"({"v":1,"seq":1,"t":"x","type":"batch","stage":3})"}) {
    auto event = decode(line);
    ASSERT_FALSE(event) << line;
    EXPECT_EQ(event.error().code, ErrorCode::InvalidInput) << line;
  }
  auto event = decode(R"({"v":1,"seq":1,"t":"x","type":"done","status":"finished","message":""})");
  ASSERT_FALSE(event);
  EXPECT_NE(event.error().message.find("'code' of a done event"), std::string::npos);
}

TEST(Event, AnotherProtocolVersionIsToldApartFromGarbage) {
  auto event = decode(R"({"v":2,"seq":1,"t":"x","type":"hello"})");
  ASSERT_FALSE(event);
  EXPECT_EQ(event.error().code, ErrorCode::Unsupported);
  EXPECT_NE(event.error().message.find("version 2"), std::string::npos);
}

TEST(Command, ComesThroughAFileWithItsNewline) {
  EXPECT_EQ(commandFromText("stop-after-epoch\n"), Command::StopAfterEpoch);
  EXPECT_EQ(commandFromText(" cancel\r\n"), Command::Cancel);
  EXPECT_EQ(commandFromText("checkpoint-now"), Command::CheckpointNow);
  EXPECT_FALSE(commandFromText("halt"));
  EXPECT_FALSE(commandFromText(" \n"));
}

TEST(LineBuffer, HalvesBecomeWholeLines) {
  LineBuffer lines;
  lines.feed("{\"a\"");
  EXPECT_FALSE(lines.next());
  lines.feed(":1}\r\n{\"b\"");
  EXPECT_EQ(lines.next(), "{\"a\":1}");
  EXPECT_FALSE(lines.next());
  lines.feed(":2}\n\nx\n");
  EXPECT_EQ(lines.next(), "{\"b\":2}");
  EXPECT_EQ(lines.next(), "");
  EXPECT_EQ(lines.next(), "x");
  EXPECT_FALSE(lines.next());
  lines.feed("tail");
  EXPECT_FALSE(lines.next());
  EXPECT_EQ(lines.rest(), "tail");
}

TEST(LineBuffer, ALineWithoutEndDoesNotFillTheMemory) {
  LineBuffer lines(1000);
  const std::string block(1 << 16, 'x');
  for (int i = 0; i < 200; ++i) {
    lines.feed(block);
    EXPECT_FALSE(lines.next());
    ASSERT_LE(lines.rest().size(), 1000u);
  }
  lines.feed("\nnext\n");
  EXPECT_EQ(lines.next(), std::string(1000, 'x'));
  EXPECT_EQ(lines.next(), "next");
}

}  // namespace
}  // namespace gadolin::run
