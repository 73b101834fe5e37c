#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <sys/stat.h>
#include <unistd.h>

#include "driver/files.h"

namespace aceso::driver {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class Files : public ::testing::Test {
protected:
  void SetUp() override {
    std::string pattern = (fs::temp_directory_path() / "aceso-files-XXXXXX").string();
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
  }
  void TearDown() override { fs::remove_all(folder_); }
  std::string at(const std::string& name) const { return (folder_ / name).string(); }
  void make(const std::string& name, const std::string& text = "x") const {
    fs::create_directories((folder_ / name).parent_path());
    std::ofstream(at(name), std::ios::binary) << text;
  }
  std::vector<std::string> found(const std::vector<std::string>& paths) const {
    std::vector<std::string> names;
    for (const std::string& path : find_guideline_files(paths).paths)
      names.push_back(fs::relative(path, folder_).string());
    return names;
  }
  fs::path folder_;
};

TEST_F(Files, Read) {
  make("a", std::string("one\0two\r\n", 9));
  EXPECT_EQ(read_file(at("a"), 9).text, std::string("one\0two\r\n", 9));
  make("empty", "");
  EXPECT_TRUE(read_file(at("empty"), 0).ok());
}

TEST_F(Files, ReadTellsWhy) {
  make("a", "0123456789");
  EXPECT_EQ(read_file(at("a"), 9).status, ReadStatus::too_large);
  EXPECT_EQ(read_file(at("a"), 9).size, 10u);
  EXPECT_EQ(read_file(at("absent"), 9).status, ReadStatus::absent);
  EXPECT_EQ(read_file(at("a/b"), 9).status, ReadStatus::absent);
  EXPECT_EQ(read_file("", 9).status, ReadStatus::absent);
  EXPECT_EQ(read_file(std::string("a\0b", 3), 9).status, ReadStatus::absent);
  EXPECT_EQ(read_file(folder_.string(), 9).reason, "it is a folder");
  EXPECT_EQ(read_file("/dev/zero", 1000).status, ReadStatus::too_large);
}

TEST_F(Files, ReplaceKeepsLinkAndPermissions) {
  make("a", "old");
  ASSERT_EQ(::chmod(at("a").c_str(), 0640), 0);
  fs::create_symlink("a", at("link"));
  EXPECT_EQ(replace_file(at("link"), "new"), "");
  EXPECT_EQ(read_file(at("a"), 100).text, "new");
  EXPECT_TRUE(fs::is_symlink(at("link")));
  EXPECT_EQ(fs::status(at("a")).permissions(), fs::perms(0640));
  EXPECT_EQ(std::distance(fs::directory_iterator(folder_), {}), 2);
  EXPECT_NE(replace_file(at("absent"), "new"), "");
}

TEST_F(Files, WriteTellsWhy) {
  EXPECT_EQ(write_file(at("a"), "text"), "");
  EXPECT_EQ(read_file(at("a"), 100).text, "text");
  EXPECT_NE(write_file(at("no/such/folder"), "text"), "");
  EXPECT_NE(write_file(folder_.string(), "text"), "");
}

TEST_F(Files, FindGoesThroughFoldersInOrder) {
  for (const char* name : {"b.aceso", "a.aceso", "a/z.aceso", "a/deep/er/y.aceso", ".hidden/h.aceso", "a/notes.txt"})
    make(name);
  fs::create_directory_symlink(folder_, at("a/loop"));
  EXPECT_THAT(found({folder_.string()}), ElementsAre("a/deep/er/y.aceso", "a/z.aceso", "a.aceso", "b.aceso"));
  EXPECT_THAT(found({at("b.aceso"), folder_.string(), at("./b.aceso")}),
              ElementsAre("b.aceso", "a/deep/er/y.aceso", "a/z.aceso", "a.aceso"));
}

TEST_F(Files, FindTellsWhatIsMissing) {
  fs::create_directory(at("empty"));
  const FoundFiles all = find_guideline_files({at("absent"), at("empty")});
  EXPECT_THAT(all.paths, IsEmpty());
  EXPECT_EQ(all.faults.size(), 2u);
}

TEST_F(Files, InAFolder) {
  for (const char* name : {"c/2.json", "c/1.json", "c/.json", "c/x.txt", "c/d.json/inner"})
    make(name);
  EXPECT_THAT(files_in(at("c"), ".json"), ElementsAre(at("c/1.json"), at("c/2.json")));
  EXPECT_THAT(files_in(at("absent"), ".json"), IsEmpty());
}

TEST(FilePaths, FolderAndJoin) {
  EXPECT_EQ(folder_of("a/b/c"), "a/b");
  EXPECT_EQ(folder_of("c"), "");
  EXPECT_EQ(folder_of("/c"), "/");
  EXPECT_EQ(join_path("", "c"), "c");
  EXPECT_EQ(join_path("/", "c"), "/c");
  EXPECT_EQ(join_path("a", "c"), "a/c");
}

} // namespace
} // namespace aceso::driver
