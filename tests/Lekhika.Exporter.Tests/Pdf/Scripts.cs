namespace Lekhika.Exporter.Tests.Pdf;

/// <summary>A sentence or two of each language that books are set in: article 1 of the Universal Declaration of Human Rights.</summary>
internal static class Scripts
{
    public static IReadOnlyList<(string Language, string Title, string Text)> All { get; } =
    [
        ("es", "Los derechos", "«Todos los seres humanos nacen libres e iguales en dignidad y derechos y, dotados como están de razón y conciencia, deben comportarse fraternalmente los unos con los otros.» ¿Quién lo dijo? ¡Nadie!"),
        ("fr", "Les droits", "« Tous les êtres humains naissent libres et égaux en dignité et en droits. » Ils sont doués de raison et de conscience et doivent agir les uns envers les autres dans un esprit de fraternité, l’œuvre d’une vie."),
        ("de", "Die Rechte", "„Alle Menschen sind frei und gleich an Würde und Rechten geboren.“ Sie sind mit Vernunft und Gewissen begabt und sollen einander im Geiste der Brüderlichkeit begegnen; Größe, Übermut und Donaudampfschifffahrtsgesellschaft."),
        ("hi", "मानव अधिकार", "सभी मनुष्यों को गौरव और अधिकारों के मामले में जन्मजात स्वतन्त्रता और समानता प्राप्त है। उन्हें बुद्धि और अन्तरात्मा की देन प्राप्त है और परस्पर उन्हें भाईचारे के भाव से बर्ताव करना चाहिए।"),
        ("bn", "মানবাধিকার", "সমস্ত মানুষ স্বাধীনভাবে সমান মর্যাদা এবং অধিকার নিয়ে জন্মগ্রহণ করে। তাঁদের বিবেক এবং বুদ্ধি আছে; সুতরাং সকলেরই একে অপরের প্রতি ভ্রাতৃত্বসুলভ মনোভাব নিয়ে আচরণ করা উচিৎ।"),
        ("ta", "மனித உரிமைகள்", "மனிதப் பிறிவியினர் சகலரும் சுதந்திரமாகவே பிறக்கின்றனர்; அவர்கள் மதிப்பிலும், உரிமைகளிலும் சமமானவர்கள், அவர்கள் நியாயத்தையும் மனசாட்சியையும் இயற்பண்பாகப் பெற்றவர்கள்."),
        ("ar", "حقوق الإنسان", "يولد جميع الناس أحرارًا متساوين في الكرامة والحقوق، وقد وُهبوا عقلًا وضميرًا وعليهم أن يعامل بعضهم بعضًا بروح الإخاء. قال: «نعم»، سنة 1948."),
        ("he", "זכויות האדם", "כל בני האדם נולדו בני חורין ושווים בערכם ובזכויותיהם. כולם חוננו בתבונה ובמצפון, לפיכך חובה עליהם לנהוג איש ברעהו ברוח של אחווה. „כן”, אמר ב־1948."),
        ("zh", "人权宣言", "人人生而自由，在尊严和权利上一律平等。他们赋有理性和良心，并应以兄弟关系的精神相对待。“是的，”他说，那是1948年。"),
        ("ja", "人権宣言", "すべての人間は、生まれながらにして自由であり、かつ、尊厳と権利とについて平等である。「はい」と彼は言った。人間は、理性と良心とを授けられている。"),
        ("ko", "인권 선언", "모든 인간은 태어날 때부터 자유로우며 그 존엄과 권리에 있어 동등하다. 인간은 천부적으로 이성과 양심을 부여받았으며 서로 형제애의 정신으로 행동하여야 한다."),
        ("ru", "Права человека", "«Все люди рождаются свободными и равными в своём достоинстве и правах». Они наделены разумом и совестью и должны поступать в отношении друг друга в духе братства."),
        ("el", "Ανθρώπινα δικαιώματα", "«Όλοι οι άνθρωποι γεννιούνται ελεύθεροι και ίσοι στην αξιοπρέπεια και τα δικαιώματα.» Είναι προικισμένοι με λογική και συνείδηση, και οφείλουν να συμπεριφέρονται μεταξύ τους με πνεύμα αδελφοσύνης."),
        ("en", "Many Tongues", "One line holds नमस्ते, নমস্কার, வணக்கம், سلام, שלום, 你好, こんにちは, 안녕하세요, Привет, Γειά and “Hello” — with → and ½ besides."),
    ];
}
